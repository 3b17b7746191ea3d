"""MOT-Adapter: what it does for any weights."""

import pytest
import torch

from vsd_mot.models.semantics import MOTAdapter
from vse_samples import small_branch

SMALL = dict(embed_dims=64, map_rows=64)


def test_before_rows_the_adapter_starts_by_handing_the_semantics_through():
    adapter = MOTAdapter(**SMALL)
    semantics, contents = torch.randn(12, 64), torch.randn(12, 64)
    assert torch.equal(adapter(semantics, contents), semantics)
    torch.nn.init.ones_(adapter.readout.weight)
    assert not torch.allclose(adapter(semantics, contents), semantics)


def test_a_tracker_of_another_width_is_told_what_to_set():
    branch = small_branch()
    with pytest.raises(ValueError, match='set embed_dims of adapter and fusion'):
        branch.adapter(torch.zeros(3, 128), torch.zeros(3, 128))
