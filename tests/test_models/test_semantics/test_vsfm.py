"""VSFM: what it does for any weights."""

import pytest
import torch
from mmtrack.registry import MODELS

from vsd_mot.models.semantics import VSFM, SemanticBranch

SMALL = dict(embed_dims=64, map_rows=64)
SOURCE = dict(type='CLIPBranch', encoder=dict(type='ColourEncoder'), embed_dims=64)


def branch_of(**parts) -> SemanticBranch:
    torch.manual_seed(0)
    return MODELS.build(dict(type='SemanticBranch', **{'source': SOURCE, **parts}))


@pytest.mark.parametrize('seed', range(4))
def test_the_last_relu_is_neither_dead_nor_linear_at_the_start(seed):
    torch.manual_seed(seed)
    fusion = VSFM(aspp_channels=32, **SMALL)
    contents = torch.randn(20, 64)
    maps = fusion.embedding(torch.randn(20, 64), contents)[0]
    shrunk = fusion.shrink(fusion.fused_attention(maps.queries))
    assert 0.2 < (shrunk.rows > 0).float().mean() < 0.8


def test_checkpointing_is_refused_where_it_would_count_frames_twice():
    with pytest.raises(ValueError, match="choose norm='group' or 'frozen'"):
        VSFM(with_cp=True, norm='published', **SMALL)


def test_a_map_that_cannot_be_halved_is_refused():
    with pytest.raises(ValueError, match='give map_rows and embed_dims that are multiples of 8'):
        branch_of(fusion=dict(type='VSFM', embed_dims=64, map_rows=100))
