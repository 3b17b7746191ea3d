"""From a module to a graph of standard ONNX operators."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import ExportError
from ..extras import needed
from ..models.semantics import ImageEncoder, SemanticBranch
from ..models.semantics.map_layers import RowAttention
from .whole_maps import map_forwards

# The first with layer normalisation as an operator; grid sampling is in it since 16.
OPSET = 17
# So much below every other score, a softmax makes 0 of it.
HIDDEN = 1e9


class GraphModule(nn.Module):
    """A module of tensors alone, whose ``forward`` returns a tuple.

    Attributes:
        inputs: Names of what it takes, in order.
        outputs: Names of what it returns, in order.
        turning_counts: Numbers of frames or queries about which it computes in another way; it is
            compared on them, too.
    """

    inputs: Sequence[str] = ()
    outputs: Sequence[str] = ()
    turning_counts: Sequence[int] = ()


def write_graph(
    module: GraphModule, examples: Sequence[Tensor], path: Path, *, varies: Sequence[str]
) -> None:
    """Trace a module and write its graph.

    Args:
        module: In evaluation mode.
        examples: Its inputs. What varies must be neither 0 nor 1 long in them.
        path: The file.
        varies: Names of inputs and outputs whose first dimension may have any length.

    Raises:
        ExportError: The module does something that has no standard operator.
        MissingExtraError: The package onnx is not installed.
    """
    onnx = needed('onnx', extra='export', by='exporting a model')
    named = [*module.inputs, *module.outputs]
    with _traceable(module), warnings.catch_warnings():
        # Python numbers of shapes become constants: of those that vary none does, as is checked.
        warnings.simplefilter('ignore')
        try:
            torch.onnx.export(
                module,
                tuple(examples),
                str(path),
                dynamo=False,
                opset_version=OPSET,
                input_names=list(module.inputs),
                output_names=list(module.outputs),
                dynamic_axes={name: {0: 'n'} for name in named if name in varies},
            )
        except (torch.onnx.errors.OnnxExporterError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ExportError(
                f'{type(module).__name__} cannot be written as ONNX: {reason}'
            ) from error
    onnx.checker.check_model(str(path))


@contextlib.contextmanager
def _traceable(module: nn.Module) -> Iterator[None]:
    """Let attention and maps be traced in a form that holds for any number of queries."""
    forwards = traceable_forwards(module)
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    for part, forward in forwards.items():
        part.__dict__['forward'] = forward
    try:
        with torch.no_grad():
            yield
    finally:
        for part in forwards:
            del part.__dict__['forward']
        torch.backends.mha.set_fastpath_enabled(fast)


def traceable_forwards(module: nn.Module) -> dict[nn.Module, Callable[..., Any]]:
    """Return what takes the place of ``forward`` where that holds for one number of rows."""
    forwards: dict[nn.Module, Callable[..., Any]] = {}
    without_padding: set[nn.Module] = set()
    for part in module.modules():
        if isinstance(part, SemanticBranch):
            forwards.update(map_forwards(part))
        elif isinstance(part, ImageEncoder | RowAttention):
            without_padding.update(part.modules())
        elif isinstance(part, nn.MultiheadAttention) and part not in without_padding:
            forwards[part] = partial(attention_beside_padding, part)
    return forwards


def pad_row(rows: Tensor) -> Tensor:
    """Add a row of zeros where a graph is traced, and only there.

    Standard operators reshape nothing without rows: so there is always one, to which nobody attends
    and which :func:`drop_row` takes away.
    """
    if not torch.onnx.is_in_onnx_export():
        return rows
    return F.pad(rows, (0, 0, 0, 1) if rows.ndim == 2 else (0, 1))


def drop_row(rows: Tensor) -> Tensor:
    """Take away what :func:`pad_row` added."""
    return rows[:-1] if torch.onnx.is_in_onnx_export() else rows


def attention_beside_padding(
    module: nn.MultiheadAttention, query: Tensor, key: Tensor, value: Tensor, **options: Any
) -> tuple[Tensor, None]:
    """Compute a module's attention, of which the last row is no key.

    Args:
        module: Batch first, one width for all.
        query: ``(1, n + 1, C)``.
        key: Likewise.
        value: Likewise.
        options: Of the module's own forward; no mask.

    Returns:
        ``(1, n + 1, C)``, and None in place of the weights.

    Raises:
        ExportError: A mask or another layout.
    """
    masks = [options.get('attn_mask'), options.get('key_padding_mask')]
    if not module.batch_first or module.in_proj_weight is None or any(m is not None for m in masks):
        raise ExportError('attention with a mask, or with another layout, cannot be exported')
    weights = module.in_proj_weight.chunk(3)
    biases = [None] * 3 if module.in_proj_bias is None else module.in_proj_bias.chunk(3)
    heads, width = module.num_heads, module.head_dim
    q, k, v = (
        F.linear(rows, weight, bias).reshape(1, -1, heads, width).transpose(1, 2)
        for rows, weight, bias in zip((query, key, value), weights, biases)
    )
    none = key[0, :, 0] * 0
    hidden = torch.cat((none[:-1], none[-1:] - HIDDEN))
    scores = (q * width**-0.5) @ k.transpose(2, 3) + hidden
    attended = (scores.softmax(-1) @ v).transpose(1, 2).reshape(1, -1, heads * width)
    return module.out_proj(attended), None
