"""Features of a frame that tell its degradations apart, for the fitted quality."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .quality_measures import HaarBand, blockiness, grey_of, haar_blocks, strips_of

# Energy, in grey levels squared, below which a band holds nothing that 8 bits could show.
FLOOR = 0.25
FLAT_SHARE = 0.15


def feature_names() -> list[str]:
    """Names of the features, in order."""
    names = []
    for octave in range(4):
        names += [f'{kind}_{octave}' for kind in ('flat', 'low', 'middle', 'high', 'mean')]
    for octave in range(3):
        names += [f'{kind}_{octave}' for kind in ('flat_diagonal', 'weaker', 'direction')]
        names += [f'{kind}_{octave}' for kind in ('colour_flat', 'colour_middle', 'colour_mean')]
    return [*names, 'dead', 'dead_diagonal', 'grid', 'deviation', 'range', 'level', 'colour']


def quality_features(images: Tensor, max_pixels: int = 1 << 19) -> Tensor:
    """Measure frames.

    Energies of Haar bands enter as logarithms, in the flattest blocks (where noise is alone), in
    the tenth, the half and the tenth from the top (where structure is), and by direction (which a
    motion blur takes).

    Args:
        images: (B, 3, h, w) uint8 RGB.
        max_pixels: Larger frames are looked at in strips of about so many pixels.

    Returns:
        (B, F) float32, as :func:`feature_names` names them.
    """
    colours = strips_of(images, max_pixels)
    grey = grey_of(colours)
    bands, _ = haar_blocks(grey)
    flat = _flattest(bands)
    features = []
    for band in bands:
        energy = (band.horizontal + band.vertical + band.diagonal) / 3
        quantiles = map(_log, _quantiles(energy, 0.1, 0.5, 0.9))
        features += [_log(_of(energy, flat)), *quantiles, _log(energy.mean(dim=1))]
    chroma = [haar_blocks(colours[channel] - grey)[0] for channel in (0, 2)]
    for octave, band in enumerate(bands[:3]):
        across, along = _log(band.horizontal.mean(dim=1)), _log(band.vertical.mean(dim=1))
        features += [_log(_of(band.diagonal, flat)), torch.minimum(across, along)]
        features += [(across - along).abs()]
        of_colours = [part[octave] for part in chroma]
        energy = torch.stack([(c.horizontal + c.vertical + c.diagonal) / 3 for c in of_colours])
        energy = energy.sum(dim=0)
        (middle,) = _quantiles(energy, 0.5)
        features += [_log(_of(energy, flat)), _log(middle), _log(energy.mean(dim=1))]
    finest = (bands[0].horizontal + bands[0].vertical + bands[0].diagonal) / 3
    values = grey.flatten(1)
    low, high = _quantiles(values[:, ::7], 0.05, 0.95)
    red, blue = ((colours[channel] - grey).flatten(1).abs().mean(dim=1) for channel in (0, 2))
    saturation = red + blue
    features += [
        (finest < 2 * FLOOR).float().mean(dim=1),
        (bands[0].diagonal < FLOOR).float().mean(dim=1),
        torch.log1p(4 * blockiness(grey)),
        torch.log(values.std(dim=1, unbiased=False) + 1),
        torch.log(high - low + 1),
        values.mean(dim=1) / 255,
        torch.log(saturation + 1),
    ]
    return torch.stack(features, dim=1)


def _log(energy: Tensor) -> Tensor:
    return torch.log(energy + FLOOR)


def _quantiles(values: Tensor, *shares: float) -> list[Tensor]:
    """Interpolate as ``torch.quantile`` does, which has no standard operator of ONNX.

    Args:
        values: (B, n).
        shares: In [0, 1].

    Returns:
        (B,) for each share.
    """
    ordered = values.sort(dim=1).values
    # A plain number: where the network is traced for export, a size is a tensor.
    last = int(values.shape[1]) - 1
    quantiles = []
    for share in shares:
        below = math.floor(share * last)
        above = min(below + 1, last)
        quantiles.append(torch.lerp(ordered[:, below], ordered[:, above], share * last - below))
    return quantiles


def _flattest(bands: list[HaarBand]) -> Tensor:
    """Find the blocks with the least coarse structure, (B, n) indices."""
    relief = sum(band.horizontal + band.vertical for band in bands[2:])
    assert isinstance(relief, Tensor)
    count = max(1, int(FLAT_SHARE * int(relief.shape[1])))
    return relief.argsort(dim=1)[:, :count]


def _of(energy: Tensor, blocks: Tensor) -> Tensor:
    return energy.gather(1, blocks).mean(dim=1)
