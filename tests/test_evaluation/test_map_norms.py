"""The made-up task that compares norms of maps."""

import pytest
import torch
from mmengine.registry import init_default_scope

from vsd_mot.evaluation.map_norms import CLIP_LENGTH, NORMS, Clips, measure, train


def test_clips_repeat_with_the_seed_and_the_task_is_the_same_for_all():
    first, again, other = (Clips(8, (2, 5), seed) for seed in (0, 0, 1))
    assert torch.equal(first.of_image, other.of_image)
    one, same, another = first.clip(), again.clip(), other.clip()
    assert len(one) == CLIP_LENGTH
    assert all(torch.equal(a.contents, b.contents) for a, b in zip(one, same))
    assert 2 <= len(one[0].contents) <= 5
    assert not torch.equal(one[0].semantics, another[0].semantics)
    assert (one[0].target >= 0).all()


@pytest.mark.parametrize('norm', NORMS)
def test_a_fusion_is_trained_and_measured(norm):
    init_default_scope('mmtrack')
    model = train(norm, Clips(16, (2, 4), 0), steps=1, lr=1e-3, dropout=0.0, seed=0)
    errors = measure(model, Clips(16, (2, 4), 1), count=1)
    for value in (errors.val, errors.train, errors.gap, errors.count):
        assert value >= 0
    if norm == 'group':  # does not depend on the mode
        assert errors.gap < 1e-3
        assert errors.val == pytest.approx(errors.train, rel=1e-3)
