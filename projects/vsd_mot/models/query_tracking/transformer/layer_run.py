"""Run a layer, keeping its activations for the backward pass or not."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


def run_layer(layer: nn.Module, tokens: Tensor, *, with_cp: bool, **context: Any) -> Tensor:
    """Run a layer of encoder or decoder.

    Args:
        layer: Called with ``tokens`` and ``context``.
        tokens: What the layer changes; gradients flow through it.
        with_cp: Recompute the layer in the backward pass instead of keeping its activations.
        context: What else the layer takes, by name.

    Returns:
        What the layer returns.
    """
    run = partial(layer, **context)
    if with_cp and torch.is_grad_enabled():
        return checkpoint(run, tokens, use_reentrant=False)
    return run(tokens)
