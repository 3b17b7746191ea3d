"""Attention among queries, whose number is another one in every frame."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

BACKENDS = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]


def without_cudnn_attention(query: Tensor) -> AbstractContextManager:
    """Keep cuDNN's attention, PyTorch's choice for half precision on new GPUs, from being taken.

    It plans anew, for 8 ms, whenever the number of queries changes, and attends in 8 us.
    """
    return sdpa_kernel(BACKENDS) if query.is_cuda else nullcontext()
