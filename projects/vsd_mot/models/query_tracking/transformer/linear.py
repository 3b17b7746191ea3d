"""Linear layers for many tokens, at the speed the processor allows."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHUNK_TOKENS = 4096  # hidden activations of so many fit a few times into the last cache


class TokenLinear(nn.Linear):
    """A linear layer that goes through oneDNN on the CPU when no gradient is wanted.

    torch multiplies float32 matrices on the CPU by MKL, which takes twice as long as oneDNN on
    processors of other makers than Intel. torch carries oneDNN for its convolutions; it is reached
    here by the operator that torch.compile puts in the place of a frozen linear layer.

    Attributes:
        plain: Always torch's own product. The benchmark's reference; False otherwise.
    """

    plain = False

    def forward(self, x: Tensor) -> Tensor:
        """``x W^T + b`` of ``(..., in_features)``."""
        if self._by_onednn(x):
            return self._onednn(x, 'none')
        return F.linear(x, self.weight, self.bias)

    def relu(self, x: Tensor) -> Tensor:
        """``relu(x W^T + b)``; with oneDNN in one pass over the result."""
        if self._by_onednn(x):
            return self._onednn(x, 'relu')
        # not in place: the product is a view of its matrix form, which autograd would copy
        return F.linear(x, self.weight, self.bias).relu()

    def _onednn(self, x: Tensor, activation: str) -> Tensor:
        rows = x.reshape(-1, self.in_features)
        output = torch.ops.mkldnn._linear_pointwise(
            rows, self.weight, self.bias, activation, [], ''
        )
        return output.view(*x.shape[:-1], self.out_features)

    def _by_onednn(self, x: Tensor) -> bool:
        return (
            not self.plain
            and not torch.is_grad_enabled()
            and not torch.compiler.is_compiling()
            and x.device.type == 'cpu'
            and x.dtype == self.weight.dtype == torch.float32
            and x.numel() > 0
            and not torch.is_autocast_enabled('cpu')
            and torch.backends.mkldnn.is_available()
        )


def feed_forward(x: Tensor, first: TokenLinear, second: TokenLinear) -> Tensor:
    """``second(relu(first(x)))``; at inference on the CPU in chunks that stay in the cache.

    Args:
        x: Tokens ``(..., C)``.
        first: C to the hidden width.
        second: The hidden width to C.

    Returns:
        Tensor of the shape of ``x``.
    """
    tokens = x.numel() // x.shape[-1]
    whole = first.plain or torch.is_grad_enabled() or torch.compiler.is_compiling()
    if whole or x.device.type != 'cpu' or tokens <= CHUNK_TOKENS:
        return second(first.relu(x))
    chunks = x.reshape(tokens, -1).split(CHUNK_TOKENS)
    return torch.cat([second(first.relu(chunk)) for chunk in chunks]).view(x.shape)
