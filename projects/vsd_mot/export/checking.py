"""Compare a graph with the PyTorch module that it was made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ..errors import ExportError
from .runtimes import Graph
from .tracing import GraphModule

# Another order of summation in float32, through dozens of layers, against the largest value.
TOLERANCE = 1e-3


def check_graph(
    module: GraphModule,
    graph: Graph,
    cases: Sequence[tuple[Tensor, ...]],
    *,
    name: str,
    tolerance: float = TOLERANCE,
) -> None:
    """Run both on the same inputs.

    Args:
        module: The module, in evaluation mode.
        graph: Made of it.
        cases: Inputs.
        name: Of the graph, for the message.
        tolerance: How far values may differ, as a share of the largest (at least 1). Raising it
            lets a graph pass that is less exact.

    Raises:
        ExportError: They differ, or the graph cannot be run on an input.
    """
    for inputs in cases:
        with torch.no_grad():
            wanted = module(*inputs)
        lengths = ', '.join(str(tuple(one.shape)) for one in inputs)
        arrays = {key: value.numpy() for key, value in zip(module.inputs, inputs)}
        try:
            output = graph(**arrays)
        except Exception as error:  # of the runtime's own kinds
            reason = ' '.join(str(error).split())[:300]
            raise ExportError(
                f'the graph {name} cannot be run on inputs {lengths}: {reason}'
            ) from error
        for key, tensor in zip(module.outputs, wanted):
            difference = disagreement(tensor.numpy(), output[key])
            if not difference <= tolerance:
                raise ExportError(
                    f'the graph {name} is not right, and is not written: its {key} differ by '
                    f'{difference:.2g} of the largest value on inputs {lengths}'
                )


def disagreement(wanted: np.ndarray, output: np.ndarray) -> float:
    """Return the largest difference, as a share of the largest value or of 1; inf for shapes."""
    if wanted.shape != output.shape:
        return float('inf')
    if wanted.size == 0:
        return 0.0
    if wanted.dtype.kind in 'iub':
        # Classes of boxes that nobody is sure of may change.
        return float(np.mean(wanted != output)) / 10
    return float(np.abs(wanted - output).max()) / max(1.0, float(np.abs(wanted).max()))
