"""Adapter and VSFM as graphs compute them, beside the modules."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from vsd_mot.export.whole_maps import MapLayout, map_forwards, reach_of, turning_counts
from vsd_mot.models.semantics import FrameDescription, SemanticBranch
from vsd_mot.models.semantics.aspp import ASPP
from vsd_mot.models.semantics.map_layers import MapShape
from vsd_mot.models.semantics.map_norm import BatchMapNorm, BatchRowNorm
from vse_samples import build_branch, description

WIDTH = 64
# Rows are left out up to 25 queries; 64 fill a map.
COUNTS = (0, 1, 17, 25, 26, 64, 65)


def branch_of(**changes) -> SemanticBranch:
    """A branch with maps of 64 x 64 in double precision, its norms as after a training."""
    branch = build_branch(width=WIDTH, aspp_channels=8, **changes)
    branch.fusion.aspp = ASPP(
        32, 8, dilations=(2, 4), dropout=0.0, norm=changes.get('norm', 'group')
    )
    generator = torch.Generator().manual_seed(1)
    for norm in branch.modules():
        if isinstance(norm, BatchMapNorm | BatchRowNorm):
            torch.nn.init.normal_(norm.running_mean, std=0.1, generator=generator)
            torch.nn.init.uniform_(norm.running_var, 0.5, 1.5, generator=generator)
    return branch.eval().double()


def fused(branch: SemanticBranch, contents: Tensor, frame: FrameDescription) -> Tensor:
    """What a trace computes for contents, to which it adds a row that is no query."""
    forwards = map_forwards(branch)
    padded = F.pad(contents, (0, 0, 0, 1))
    semantics = branch.source(padded, frame)
    for part in (branch.adapter, branch.fusion):
        if part in forwards:
            forward = forwards[part]
            semantics = forward(semantics, padded)
    return (semantics[0] if isinstance(semantics, tuple) else semantics)[:-1]


def assert_equal_to_modules(branch: SemanticBranch) -> None:
    frame = description()
    frame.image_feature = frame.image_feature.double()
    for count in COUNTS:
        contents = torch.randn(count, WIDTH, dtype=torch.float64)
        wanted = branch(contents, frame).contents
        computed = fused(branch, contents, frame)
        # The modules take the statistics of groups in single precision.
        torch.testing.assert_close(computed, wanted, rtol=0, atol=1e-6, msg=f'{count} queries')
        assert count == 0 or not torch.allclose(wanted, contents, atol=1e-2)


@torch.no_grad()
@pytest.mark.parametrize('norm', ['group', 'published'])
def test_adapter_and_vsfm(norm: str) -> None:
    assert_equal_to_modules(branch_of(norm=norm))


@torch.no_grad()
def test_vsfm_alone() -> None:
    branch = branch_of()
    branch.fusion.embedding, branch.adapter = branch.adapter.embedding, None
    assert_equal_to_modules(branch)


@torch.no_grad()
def test_adapter_before_a_fusion_of_rows() -> None:
    rows = torch.randn(30, WIDTH, dtype=torch.float64)
    contents = torch.randn(30, WIDTH, dtype=torch.float64)
    branch = branch_of()
    adapter = type(branch.adapter)(embed_dims=WIDTH, map_rows=WIDTH).eval().double()
    torch.nn.init.normal_(adapter.readout.weight)
    branch.adapter = adapter
    padded = [F.pad(one, (0, 0, 0, 1), value=3.0) for one in (rows, contents)]
    computed = map_forwards(branch)[adapter](*padded)[:-1]
    torch.testing.assert_close(computed, adapter(rows, contents), rtol=1e-6, atol=1e-6)


def test_rows_that_nothing_depends_on_are_left_out() -> None:
    branch = branch_of()
    assert reach_of(branch) == 1 + 3 + 4 + 7
    assert reach_of(branch_of(norm='published')) is None
    assert turning_counts(branch) == [64, 65]
    shape = MapShape(columns=8, height=256, channels=16)
    layout = MapLayout(torch.ones(11, 8), shape, reach=29)
    assert int(layout.rows) == 40 + 32
    assert int(layout.left_out) == 256 - 72
    assert layout.real.flatten().tolist() == [1.0] * 10 + [0.0] * 62
    assert int(MapLayout(torch.ones(11, 8), shape, reach=None).left_out) == 0


def test_means_count_the_rows_that_are_left_out() -> None:
    shape = MapShape(columns=8, height=256, channels=16)
    layout = MapLayout(torch.ones(11, 8), shape, reach=29)
    maps = layout.take(torch.full((11, 8), 256.0)) + 1
    torch.testing.assert_close(layout.mean(maps), torch.tensor([[11.0]]))
    whole = layout.full(torch.arange(9.0)[None, None, :, None]).flatten().tolist()
    assert whole == [0, 1, 2, 3, 4, *[5] * 24, 6, 7, 8]
