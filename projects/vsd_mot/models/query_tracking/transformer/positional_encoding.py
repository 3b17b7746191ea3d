"""Sine embeddings of scores and boxes (Conditional DETR / DAB-DETR style)."""

import math

import torch
from torch import Tensor


def full_precision(values: Tensor) -> Tensor:
    """Return numbers in float32 at least; float64 stays.

    Half precision, as under autocast, tells places of a frame less finely apart than boxes need.
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))


def sine_embedding(values: Tensor, num_feats: int, temperature: float = 10000.0) -> Tensor:
    """Embed numbers by interleaved sines and cosines.

    Feature ``i`` is the sine (even ``i``) or cosine (odd ``i``) of
    ``2 * pi * value / temperature ** (2 * floor(i / 2) / num_feats)``.

    Args:
        values: Numbers of any shape ``(...)``, used as they are, also outside of [0, 1].
        num_feats: Features for each number, even.
        temperature: Ratio of the longest wavelength to the shortest one.

    Returns:
        Embeddings of shape ``(..., num_feats)``.
    """
    values = full_precision(values)
    exponents = torch.arange(num_feats // 2, dtype=values.dtype, device=values.device)
    frequencies = temperature ** (2 * exponents / num_feats)
    angles = values[..., None] * (2 * math.pi) / frequencies
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(-2)


def box_embedding(boxes: Tensor, embed_dims: int = 256, periods: float = 1.0) -> Tensor:
    """Embed boxes: a quarter of the features for each of cx, cy, w and h.

    Args:
        boxes: Normalised boxes (cx, cy, w, h), shape ``(..., 4)``.
        embed_dims: Features for a box, a multiple of 8.
        periods: Periods of the fastest sine over the frame. One, as published, tells places that
            are a few hundredths of the frame apart by tiny differences only.

    Returns:
        Embeddings of shape ``(..., embed_dims)``.
    """
    return sine_embedding(boxes * periods, embed_dims // 4).flatten(-2)
