"""Attention in windows and in chunks is attention."""

import pytest
import torch

from vsd_mot.models.mask_tracking.attention import (
    global_attention,
    masked_window_attention,
    tiled_window_attention,
)


@pytest.mark.parametrize('attend', [masked_window_attention, tiled_window_attention])
@pytest.mark.parametrize('size', [(3, 4), (8, 8), (10, 18), (17, 5)])
def test_local_attention_is_attention_with_all_but_the_window_masked(size, attend):
    torch.manual_seed(0)
    count = size[0] * size[1]
    queries, keys = torch.randn(2, count, 6), torch.randn(2, count, 6)
    values, relative = torch.randn(2, count, 5), torch.randn(2, count, 49)
    rows, columns = (one.flatten() for one in torch.meshgrid(
        torch.arange(size[0]), torch.arange(size[1]), indexing='ij'))  # fmt: skip
    down, right = rows[None] - rows[:, None] + 3, columns[None] - columns[:, None] + 3
    inside = (down >= 0) & (down < 7) & (right >= 0) & (right < 7)
    place = (down * 7 + right).clamp(0, 48)
    scores = queries @ keys.transpose(1, 2) / 6**0.5
    scores = scores + relative.gather(2, place.expand(2, -1, -1))
    expected = scores.masked_fill(~inside, -torch.inf).softmax(-1) @ values
    found = attend(queries / 6**0.5, keys, values, relative=relative, size=size)
    assert torch.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize('batch', [1, 2])
@pytest.mark.parametrize('learns', [True, False])
def test_chunks_change_nothing(batch, learns):
    queries, keys, values = (torch.randn(batch, count, 8) for count in (1300, 70, 70))
    expected = (queries @ keys.transpose(1, 2) / 8**0.5).softmax(-1) @ values
    with torch.set_grad_enabled(learns):
        found = global_attention(queries, keys, values)
    assert torch.allclose(found, expected, atol=1e-5)
