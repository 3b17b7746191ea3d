"""The embedding of whole frames, with the resizing of frames as standard operators."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.transforms.v2 import functional as tvf

from ..models.semantics import ImageEncoder


class ImageFeature(nn.Module):
    """An image encoder on B frames of one size.

    Args:
        encoder: With global tokens.
        size: (height, width) of the frames.
    """

    def __init__(self, encoder: ImageEncoder, size: tuple[int, int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.resizing = Resizing(encoder, size)

    def forward(self, frames: Tensor) -> Tensor:
        """Embed uint8 RGB frames (B, 3, h, w) as (B, D)."""
        if not torch.onnx.is_in_onnx_export():
            return self.encoder(list(frames))[:, 0]
        return self.encoder.encode(self.encoder.normalise(self.resizing(frames)))[:, 0]


class Resizing(nn.Module):
    """What an encoder does to the size of frames, as a matrix for each axis.

    Antialiased resizing is a weighted sum along each axis, for which there is no operator in the
    opset. As torchvision does with uint8 on a CPU, values are rounded after each axis.

    Args:
        encoder: Says how.
        size: (height, width) of the frames.
    """

    rows: Tensor
    columns: Tensor

    def __init__(self, encoder: ImageEncoder, size: tuple[int, int]) -> None:
        super().__init__()
        rows, columns = (
            axis_matrix(length, scaled, out, interpolation=encoder.interpolation.value)
            for length, scaled, out in zip(size, encoder.scaled_size(*size), encoder.size)
        )
        self.register_buffer('rows', rows, persistent=False)
        self.register_buffer('columns', columns.t().contiguous(), persistent=False)

    def forward(self, frames: Tensor) -> Tensor:
        """Resize uint8 frames (B, 3, h, w) to float ones (B, 3, *size) of whole numbers."""
        return _rounded(self.rows @ _rounded(frames.float() @ self.columns))


def axis_matrix(length: int, scaled: int, out: int, *, interpolation: str) -> Tensor:
    """Return the matrix (out, length) that resizes an axis to ``scaled`` and cuts or pads it."""
    matrix = torch.eye(length, dtype=torch.float64)
    if scaled != length:
        matrix = F.interpolate(
            matrix[None, None], (scaled, length), mode=interpolation, antialias=True
        )[0, 0]
        matrix = _in_16_bits(matrix)
    return tvf.center_crop(matrix[None], [out, length])[0].float()


def _in_16_bits(weights: Tensor) -> Tensor:
    """Round weights as PyTorch does for uint8: to the finest fractions that 15 bits hold."""
    largest = float(weights.max())
    bits = next(n for n in range(23) if n == 22 or int(0.5 + largest * 2 ** (n + 1)) >= 2**15)
    return (weights * 2**bits).round() / 2**bits


def _rounded(values: Tensor) -> Tensor:
    return (values.clamp(0, 255) + 0.5).floor()
