"""Modules as graphs: any number of rows, attention without the row that pads."""

from pathlib import Path

import pytest
import torch
from torch import nn

from vsd_mot.errors import ExportError
from vsd_mot.export.checking import check_graph
from vsd_mot.export.runtimes import build_runtime
from vsd_mot.export.tracing import attention_beside_padding, drop_row, pad_row, write_graph


class Attention(nn.Module):
    """Self-attention of rows."""

    inputs = ('rows',)
    outputs = ('attended',)

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)

    def forward(self, rows: torch.Tensor) -> tuple[torch.Tensor]:
        rows = pad_row(rows)[None]
        return (drop_row(self.attention(rows, rows, rows, need_weights=False)[0][0]),)


def test_attention_of_any_number_of_rows(tmp_path: Path) -> None:
    module = Attention().eval()
    path = tmp_path / 'attention.onnx'
    write_graph(module, [torch.randn(5, 16)], path, varies=['rows', 'attended'])
    for backend in ('onnxruntime', 'openvino'):
        graph = build_runtime(backend, threads=1).load(path)
        cases = [(torch.randn(count, 16),) for count in (0, 1, 5, 30)]
        check_graph(module, graph, cases, name='attention', tolerance=1e-5)


def test_the_module_is_left_as_it_was(tmp_path: Path) -> None:
    module = Attention().eval()
    write_graph(module, [torch.randn(5, 16)], tmp_path / 'a.onnx', varies=['rows'])
    assert 'forward' not in vars(module.attention)
    assert torch.backends.mha.get_fastpath_enabled()


def test_padding_is_for_graphs_alone() -> None:
    rows = torch.randn(3, 4)
    assert pad_row(rows) is rows
    assert drop_row(rows) is rows


def test_last_row_is_no_key() -> None:
    attention = nn.MultiheadAttention(16, 4, batch_first=True).eval()
    rows = torch.randn(1, 6, 16)
    wanted = attention(rows[:, :5], rows[:, :5], rows[:, :5])[0]
    for last in (0.0, 100.0):
        rows[:, 5] = last
        attended, _ = attention_beside_padding(attention, rows, rows, rows)
        torch.testing.assert_close(attended[:, :5], wanted)


def test_masks_are_refused() -> None:
    attention = nn.MultiheadAttention(16, 4, batch_first=True)
    rows, mask = torch.randn(1, 2, 16), torch.zeros(2, 2)
    with pytest.raises(ExportError, match='with a mask'):
        attention_beside_padding(attention, rows, rows, rows, attn_mask=mask)


class Unknown(nn.Module):
    """Does what has no standard operator."""

    inputs = ('x',)
    outputs = ('y',)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
        return (torch.linalg.svdvals(x),)


def test_unknown_operators_are_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r'Unknown cannot be written as ONNX: .*svd'):
        write_graph(Unknown(), [torch.eye(3)], tmp_path / 'u.onnx', varies=[])
