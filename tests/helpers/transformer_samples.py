"""A small encoder, decoder and head, and feature maps for them."""

import torch
from torch import Tensor

from vsd_mot.models.query_tracking.heads import MOTRHead
from vsd_mot.models.query_tracking.transformer import DeformableDecoder, DeformableEncoder

C = 32
SIZES = dict(embed_dims=C, num_heads=4, num_levels=2, num_points=2, feedforward_channels=64)


def transformer_parts() -> tuple[DeformableEncoder, DeformableDecoder, MOTRHead]:
    """Encoder, decoder and head in evaluation mode, with the same weights every time."""
    torch.manual_seed(0)
    encoder = DeformableEncoder(num_layers=2, **SIZES)
    decoder = DeformableDecoder(num_layers=3, **SIZES)
    head = MOTRHead(num_layers=3, embed_dims=C)
    for part in (encoder, decoder, head):
        part.init_weights()
    for branch in head.reg_branches:
        torch.nn.init.normal_(branch[-1].weight, std=0.1)
    return encoder.eval(), decoder.eval(), head.eval()


def maps(batch: int) -> list[Tensor]:
    """Feature maps of two levels for a batch of frames."""
    return [torch.randn(batch, C, 6, 9), torch.randn(batch, C, 3, 5)]
