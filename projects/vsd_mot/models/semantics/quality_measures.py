"""What is measured of frames to rate them: Haar bands, noise, information, JPEG's grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

# Side of the blocks everything is measured in, pixels: a Haar cell of four octaves, and a multiple
# of JPEG's 8.
BLOCK = 16
OCTAVES = 4


@dataclass
class HaarBand:
    """Energy of an octave's orthonormal Haar coefficients in each block, grey levels squared.

    Attributes:
        horizontal: (B, blocks) mean square of the differences from row to row.
        vertical: (B, blocks) mean square of the differences from column to column.
        diagonal: (B, blocks) mean square of the differences of those.
    """

    horizontal: Tensor
    vertical: Tensor
    diagonal: Tensor


def grey_strips(images: Tensor, max_pixels: int) -> Tensor:
    """Take grey values (ITU-R 601) of evenly spread strips of blocks; of all of a small frame.

    Args:
        images: (B, 3, h, w) uint8 RGB.
        max_pixels: About how many pixels of a larger frame are looked at.

    Returns:
        (B, s, BLOCK, w') float32, 0..255, w' a multiple of BLOCK.
    """
    return grey_of(strips_of(images, max_pixels))


def strips_of(images: Tensor, max_pixels: int) -> tuple[Tensor, ...]:
    """Cut strips as :func:`grey_strips` does; returns those of red, green and blue."""
    # Plain numbers: where the network is traced for export, a size is a tensor.
    height, width = int(images.shape[-2]), int(images.shape[-1])
    if min(height, width) < BLOCK:
        padding = (0, max(BLOCK - width, 0), 0, max(BLOCK - height, 0))
        images = F.pad(images.float(), padding, mode='replicate')
        height, width = int(images.shape[-2]), int(images.shape[-1])
    step = BLOCK * max(1, round(height * width / max_pixels))
    step = min(step, height // BLOCK * BLOCK)
    strips, columns = height // step, width // BLOCK * BLOCK
    picture = images[..., : strips * step, :columns].unflatten(-2, (strips, step))
    return picture[..., :BLOCK, :].float().unbind(dim=1)


def grey_of(colours: tuple[Tensor, ...]) -> Tensor:
    """Weigh red, green and blue as ITU-R 601 does."""
    red, green, blue = colours
    return 0.299 * red + 0.587 * green + 0.114 * blue


def haar_blocks(grey: Tensor) -> tuple[list[HaarBand], Tensor]:
    """Measure the energy of the orthonormal Haar bands of four octaves in each block.

    Args:
        grey: (B, s, BLOCK, w) strips.

    Returns:
        The band of each octave, finest first, and the blocks' mean grey value (B, blocks).
    """
    smooth, bands, side = grey, [], BLOCK
    for _ in range(OCTAVES):
        side //= 2
        top, bottom = smooth[..., 0::2, :], smooth[..., 1::2, :]
        total, across = top + bottom, top - bottom
        smooth = (total[..., 0::2] + total[..., 1::2]) / 2
        bands.append(
            HaarBand(
                horizontal=_block_energy((across[..., 0::2] + across[..., 1::2]) / 2, side),
                vertical=_block_energy((total[..., 0::2] - total[..., 1::2]) / 2, side),
                diagonal=_block_energy((across[..., 0::2] - across[..., 1::2]) / 2, side),
            )
        )
    return bands, smooth.flatten(1) / BLOCK


def _block_energy(coefficients: Tensor, side: int) -> Tensor:
    return F.avg_pool2d(coefficients.square(), side).flatten(1)


def flat_energies(bands: Sequence[HaarBand], means: Tensor, share: float) -> list[Tensor]:
    """Measure the diagonal energy of each octave in the flattest blocks.

    Args:
        bands: Of :func:`haar_blocks`.
        means: (B, blocks) mean grey values.
        share: Share of the usable blocks that is taken, at least one block.

    Returns:
        (B,) for each octave, finest first.
    """
    # Flatness is judged by other bands than noise is: choosing by the latter would bias it.
    relief = bands[1].horizontal + bands[1].vertical + bands[2].horizontal + bands[2].vertical
    # Where noise is clipped at black or white it looks weaker than it is.
    finest = bands[0].horizontal + bands[0].vertical + bands[0].diagonal
    margin = 4 + 2.5 * (finest / 3).sqrt()
    usable = (means > margin) & (means < 255 - margin)
    usable = usable | (usable.sum(dim=1, keepdim=True) < 10)
    order = relief.masked_fill(~usable, torch.inf).argsort(dim=1)
    count = (usable.sum(dim=1, keepdim=True) * share).floor().clamp(min=1)
    chosen = torch.arange(order.shape[1], device=order.device) < count
    return [(band.diagonal.gather(1, order) * chosen).sum(dim=1) / count[:, 0] for band in bands]


def noise_variance(
    flat: Sequence[Tensor],
    *,
    texture_growth: Sequence[float],
    clean_energy: Sequence[float],
    hidden_share: float,
) -> Tensor:
    """Estimate the variance of the noise at the three finest octaves.

    Args:
        flat: Of :func:`flat_energies`.
        texture_growth: See :class:`FrameQuality`.
        clean_energy: See :class:`FrameQuality`.
        hidden_share: See :class:`FrameQuality`.

    Returns:
        (B, 3) grey levels squared.
    """
    noise = [hidden_share * flat[0]]
    for octave, (growth, clean) in enumerate(zip(texture_growth, clean_energy)):
        increase = (flat[octave + 1] - flat[octave]).clamp(min=0)
        steady = flat[octave] - increase / (growth - 1) - clean
        noise.append(torch.maximum(noise[-1], steady))
    return torch.stack(noise[1:], dim=1)


def information(
    energies: Sequence[Tensor], noise: Tensor, weights: Sequence[float], *, visible_energy: float
) -> Tensor:
    """Sum over octaves, weighted, the information of a band above its noise.

    Args:
        energies: Mean squares of a band in each block, (B, blocks) per octave.
        noise: (B, 3) variance of the noise.
        weights: Of the octaves.
        visible_energy: See :class:`FrameQuality`.

    Returns:
        (B,) bits per coefficient.
    """
    total = noise.new_zeros(())
    for energy, level, weight in zip(energies, noise.unbind(dim=1), weights):
        level = level[:, None]
        ratio = (energy - level).clamp(min=0) / (level + visible_energy)
        total = total + weight * torch.log2(1 + ratio).mean(dim=1) / 2
    return total


def blockiness(grey: Tensor) -> Tensor:
    """Compare the steps across JPEG's 8-pixel grid with the others: the excess, relative to them.

    Interpolation leaves steps with a period of 2 or 4 as well: the grid's steps are compared with
    those half-way, too. Both directions must show the grid.

    Args:
        grey: (B, s, BLOCK, w) strips, aligned with the grid.

    Returns:
        (B,), at least 0.
    """
    excess = []
    for dim in (2, 3):
        length = int(grey.shape[dim]) - 1
        steps = grey.narrow(dim, 1, length) - grey.narrow(dim, 0, length)
        steps = steps.abs().mean(dim=(1, 5 - dim))
        # the step from pixel 8k+7 to 8k+8 is number 8k+7; the last block has no such step
        phases = F.pad(steps, (0, 1)).unflatten(1, (-1, 8)).sum(dim=1)
        blocks = (length + 1) // 8
        at_grid = phases[:, 7] / max(blocks - 1, 1)
        inside = phases[:, :7] / blocks
        pairs = (inside[:, 3], (inside[:, 6] + inside[:, 0]) / 2, (inside[:, 5] + inside[:, 1]) / 2)
        reference = torch.stack(pairs).amax(dim=0)
        excess.append((at_grid - reference) / (reference + 1))
    return torch.minimum(*excess).clamp(min=0)
