"""Linear layers and products of matrices for many tokens, at the speed the processor allows."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHUNK_TOKENS = 4096  # hidden activations of so many fit a few times into the last cache


def by_onednn(*tensors: Tensor) -> bool:
    """Whether products of tensors go through oneDNN: on the CPU, in float32, without gradients.

    torch multiplies float32 matrices on the CPU by MKL, which takes up to twice as long as oneDNN
    on processors of other makers than Intel. torch carries oneDNN for its convolutions; it is
    reached here by the operator that torch.compile puts in the place of a frozen linear layer.
    """
    return (
        not torch.is_grad_enabled()
        and not torch.compiler.is_compiling()
        and not torch.onnx.is_in_onnx_export()
        and all(
            one.device.type == 'cpu' and one.dtype == torch.float32 and one.numel() > 0
            for one in tensors
        )
        and not torch.is_autocast_enabled('cpu')
        and torch.backends.mkldnn.is_available()
    )


def product(rows: Tensor, columns: Tensor) -> Tensor:
    """``rows columns^T`` of two batches of matrices.

    Args:
        rows: ``(B, N, C)``.
        columns: ``(B, M, C)``.

    Returns:
        ``(B, N, M)``.
    """
    if not by_onednn(rows, columns):
        return rows @ columns.transpose(1, 2)
    pairs = [_onednn(*pair) for pair in zip(rows, columns)]
    return pairs[0][None] if len(pairs) == 1 else torch.stack(pairs)


def _onednn(
    rows: Tensor, weight: Tensor, *, bias: Tensor | None = None, activation: str = 'none'
) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(
        rows, weight, bias, activation, [], 'none' if activation == 'gelu' else ''
    )


class TokenLinear(nn.Linear):
    """A linear layer that goes through oneDNN where :func:`by_onednn` says so.

    Attributes:
        plain: Always torch's own product. The benchmark's reference; False otherwise.
    """

    plain = False

    def forward(self, x: Tensor) -> Tensor:
        """``x W^T + b`` of ``(..., in_features)``."""
        return self._activated(x, 'none')

    def relu(self, x: Tensor) -> Tensor:
        """``relu(x W^T + b)``; with oneDNN in one pass over the result."""
        return self._activated(x, 'relu')

    def gelu(self, x: Tensor) -> Tensor:
        """``gelu(x W^T + b)``, the exact one; with oneDNN in one pass over the result."""
        return self._activated(x, 'gelu')

    def _activated(self, x: Tensor, activation: str) -> Tensor:
        if not self.plain and by_onednn(x, self.weight):
            rows = x.reshape(-1, self.in_features)
            output = _onednn(rows, self.weight, bias=self.bias, activation=activation)
            return output.view(*x.shape[:-1], self.out_features)
        output = F.linear(x, self.weight, self.bias)
        # not in place: the product is a view of its matrix form, which autograd would copy
        return output if activation == 'none' else getattr(F, activation)(output)


def feed_forward(
    x: Tensor, first: TokenLinear, second: TokenLinear, *, activation: str = 'relu'
) -> Tensor:
    """``second(activation(first(x)))``; at inference on the CPU in chunks that stay in the cache.

    Args:
        x: Tokens ``(..., C)``.
        first: C to the hidden width.
        second: The hidden width to C.
        activation: ``'relu'`` or ``'gelu'``.

    Returns:
        Tensor of the shape of ``x``.
    """
    hidden = getattr(first, activation)
    tokens = x.numel() // x.shape[-1]
    traced = torch.compiler.is_compiling() or torch.onnx.is_in_onnx_export()
    whole = first.plain or torch.is_grad_enabled() or traced
    if whole or x.device.type != 'cpu' or tokens <= CHUNK_TOKENS:
        return second(hidden(x))
    chunks = x.reshape(tokens, -1).split(CHUNK_TOKENS)
    return torch.cat([second(hidden(chunk)) for chunk in chunks]).view(x.shape)
