"""Frame Quality Assessment: how much of a frame can be trusted, without a reference."""

from __future__ import annotations

from collections import defaultdict

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

from ..frames import FrameBatch
from .branch import FrameQualityScore

# Side of the blocks everything is measured in, pixels. A multiple of 16, so that a strip of blocks
# holds whole Haar cells of four octaves and whole JPEG blocks.
BLOCK = 16
# A larger frame is looked at in strips of blocks, evenly spread, of about this many pixels.
MAX_PIXELS = 1 << 19
# Share of the blocks, the flattest ones, in which noise is measured.
FLAT_SHARE = 0.15
# Octave to octave, the diagonal energy of what is in flat blocks of real photographs grows by this
# or more; that of white noise does not grow. Noise that was enlarged with the picture, filtered or
# compressed grows in the finest octaves and stops growing in the coarser ones.
TEXTURE_GROWTH = (4.0, 3.0, 3.0)
# Diagonal energy that flat blocks of clean photographs may have in an octave and be no noise.
CLEAN_ENERGY = (0.0, 10.0, 40.0)
# Share of the finest diagonal energy that counts as noise in any case: on all-over texture (grass)
# the growth hides weak noise altogether.
HIDDEN_NOISE = 0.1
# Energy (grey levels squared) that a band needs to tell something: what 8 bits and a display leave.
VISIBLE_ENERGY = 10.0
# Weights of what the octaves tell, finest first: horizontal and vertical, diagonal. Compression
# and blur take the finest diagonals first.
EDGE_WEIGHTS = (1.0, 0.5, 0.25)
DIAGONAL_WEIGHTS = (2.0, 1.0, 0.0)
# Half-way points: bits per coefficient for clarity, grey levels for noise and contrast.
CLARITY_HALF = 1.0
NOISE_HALF = 12.0
CONTRAST_HALF = 30.0
# Relative step at the 8-pixel grid that an uncompressed picture may have by chance.
BLOCKINESS_FLOOR = 0.1


@MODELS.register_module()
class FrameQuality(BaseModule):
    """Quality Q of a frame and its three components (VSD-MOT section III-C).

    The paper names clarity (variance of the Laplacian), noise (high-frequency content) and
    contrast (standard deviation). Taken literally, clarity rises with noise and with the block
    edges of JPEG. Here all three come from one Haar transform of four octaves, and noise is
    told from structure before either is measured:

    - **noise**: in the flattest blocks, the diagonal energy that does not grow from one octave to
      the next as structure does. Reported as freedom from noise, ``1 / (1 + (sigma / 12)^2)``.
    - **clarity**: information of the fine bands in bits, ``log2(1 + S / (N + visible))``, where
      N is the noise and S the energy above it; less the steps at JPEG's grid.
    - **contrast**: ``std / (std + 30)`` of the grey values.

    ``Q = sqrt(clarity * noise * contrast)``: each of them can spoil a frame by itself.

    It has no parameters, runs on the device of the frames, without waiting for it, and looks at
    the frame before normalisation and without padding.
    """

    def forward(self, frames: FrameBatch) -> list[FrameQualityScore]:
        """Assess B frames; those of one size together.

        Args:
            frames: The frames; ``raw`` and ``sizes`` are looked at.

        Returns:
            One for each frame.
        """
        by_size = defaultdict(list)
        for index, size in enumerate(frames.sizes):
            by_size[size].append(index)
        scores: list[FrameQualityScore | None] = [None] * len(frames)
        for (height, width), indices in by_size.items():
            score = self.score(frames.raw[indices, :, :height, :width])
            for row, index in enumerate(indices):
                scores[index] = FrameQualityScore(*(value[row] for value in vars(score).values()))
        return scores

    @torch.no_grad()
    def score(self, images: Tensor) -> FrameQualityScore:
        """Assess a batch of images of one size.

        Args:
            images: (B, 3, h, w) uint8 RGB.

        Returns:
            Of (B,) float32 tensors.
        """
        with torch.autocast(images.device.type, enabled=False):
            grey = grey_strips(images)
            bands, means = haar_blocks(grey)
            noise = noise_variance(bands, means)
            edges = [(horizontal + vertical) / 2 for horizontal, vertical, _ in bands[:3]]
            diagonals = [diagonal for _, _, diagonal in bands[:3]]
            told = bits(edges, noise, EDGE_WEIGHTS) + bits(diagonals, noise, DIAGONAL_WEIGHTS)
            told = told / (sum(EDGE_WEIGHTS) + sum(DIAGONAL_WEIGHTS))
            told = told / (1 + (blockiness(grey) - BLOCKINESS_FLOOR).clamp(min=0))
            clarity = told / (told + CLARITY_HALF)
            freedom = 1 / (1 + noise.amax(dim=1) / NOISE_HALF**2)
            deviation = grey.flatten(1).std(dim=1, unbiased=False)
            contrast = deviation / (deviation + CONTRAST_HALF)
            quality = (clarity * freedom * contrast).sqrt()
        return FrameQualityScore(quality, clarity, freedom, contrast)


def grey_strips(images: Tensor) -> Tensor:
    """Grey values (ITU-R 601) of evenly spread strips of blocks; of all of a small frame.

    Args:
        images: (B, 3, h, w) uint8 RGB.

    Returns:
        (B, s, BLOCK, w') float32, 0..255, w' a multiple of BLOCK.
    """
    height, width = images.shape[-2:]
    if min(height, width) < BLOCK:
        padding = (0, max(BLOCK - width, 0), 0, max(BLOCK - height, 0))
        images = F.pad(images.float(), padding, mode='replicate')
        height, width = images.shape[-2:]
    step = BLOCK * max(1, round(height * width / MAX_PIXELS))
    step = min(step, height // BLOCK * BLOCK)
    strips, columns = height // step, width // BLOCK * BLOCK
    picture = images[..., : strips * step, :columns].unflatten(-2, (strips, step))
    red, green, blue = picture[..., :BLOCK, :].float().unbind(dim=1)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def haar_blocks(grey: Tensor) -> tuple[list[tuple[Tensor, Tensor, Tensor]], Tensor]:
    """Energy of the orthonormal Haar bands of four octaves in each block.

    Args:
        grey: (B, s, BLOCK, w) strips.

    Returns:
        For each octave, finest first, the mean squares of the horizontal, vertical and
        diagonal coefficients, (B, blocks) each; and the blocks' mean grey value (B, blocks).
    """
    smooth, bands, side = grey, [], BLOCK
    for _ in range(4):
        side //= 2
        top, bottom = smooth[..., 0::2, :], smooth[..., 1::2, :]
        total, across = top + bottom, top - bottom
        smooth = (total[..., 0::2] + total[..., 1::2]) / 2
        details = (
            (across[..., 0::2] + across[..., 1::2]) / 2,
            (total[..., 0::2] - total[..., 1::2]) / 2,
            (across[..., 0::2] - across[..., 1::2]) / 2,
        )
        bands.append(tuple(F.avg_pool2d(band.square(), side).flatten(1) for band in details))
    return bands, smooth.flatten(1) / BLOCK


def noise_variance(bands: list[tuple[Tensor, Tensor, Tensor]], means: Tensor) -> Tensor:
    """Variance of the noise at the three finest octaves, measured in the flattest blocks.

    Args:
        bands: Of ``haar_blocks``.
        means: (B, blocks) mean grey values.

    Returns:
        (B, 3) grey levels squared.
    """
    # flatness is told by other bands than noise is: choosing by the latter would bias it
    relief = bands[1][0] + bands[1][1] + bands[2][0] + bands[2][1]
    # where noise is clipped at black or white it looks weaker than it is
    margin = 4 + 2.5 * (sum(bands[0]) / 3).sqrt()
    usable = (means > margin) & (means < 255 - margin)
    usable = usable | (usable.sum(dim=1, keepdim=True) < 10)
    order = torch.where(usable, relief, torch.inf).argsort(dim=1)
    count = (usable.sum(dim=1, keepdim=True) * FLAT_SHARE).floor().clamp(min=1)
    chosen = torch.arange(order.shape[1], device=order.device) < count
    flat = [
        (diagonal.gather(1, order) * chosen).sum(dim=1) / count[:, 0] for _, _, diagonal in bands
    ]
    noise = [HIDDEN_NOISE * flat[0]]
    for octave, (growth, clean) in enumerate(zip(TEXTURE_GROWTH, CLEAN_ENERGY)):
        increase = (flat[octave + 1] - flat[octave]).clamp(min=0)
        steady = flat[octave] - increase / (growth - 1) - clean
        noise.append(torch.maximum(noise[-1], steady))
    return torch.stack(noise[1:], dim=1)


def bits(energies: list[Tensor], noise: Tensor, weights: tuple[float, ...]) -> Tensor:
    """Weighted sum over octaves of what a band tells above its noise, bits per coefficient.

    Args:
        energies: Mean squares of a band in each block, (B, blocks) per octave.
        noise: (B, 3) variance of the noise.
        weights: Of the octaves.

    Returns:
        (B,).
    """
    told = 0
    for energy, level, weight in zip(energies, noise.unbind(dim=1), weights):
        level = level[:, None]
        ratio = (energy - level).clamp(min=0) / (level + VISIBLE_ENERGY)
        told = told + weight * torch.log2(1 + ratio).mean(dim=1) / 2
    return told


def blockiness(grey: Tensor) -> Tensor:
    """How much larger the steps across JPEG's 8-pixel grid are than the others, relative to them.

    Interpolation leaves steps with a period of 2 or 4 as well: the grid's steps are compared with
    those half-way, too. Both directions must show the grid.

    Args:
        grey: (B, s, BLOCK, w) strips, aligned with the grid.

    Returns:
        (B,), at least 0.
    """
    excess = []
    for dim in (2, 3):
        steps = grey.diff(dim=dim).abs().mean(dim=(1, 5 - dim))
        # the step from pixel 8k+7 to 8k+8 is number 8k+7; the last block has no such step
        phases = F.pad(steps, (0, 1)).unflatten(1, (-1, 8)).sum(dim=1)
        blocks = (steps.shape[1] + 1) // 8
        at_grid = phases[:, 7] / max(blocks - 1, 1)
        inside = phases[:, :7] / blocks
        pairs = (inside[:, 3], (inside[:, 6] + inside[:, 0]) / 2, (inside[:, 5] + inside[:, 1]) / 2)
        reference = torch.stack(pairs).amax(dim=0)
        excess.append((at_grid - reference) / (reference + 1))
    return torch.minimum(*excess).clamp(min=0)
