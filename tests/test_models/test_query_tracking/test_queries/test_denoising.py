"""Jittered boxes of the ground truth as queries."""

import torch

from vsd_mot.models.query_tracking.queries import QueryDenoising


def test_denoising_jitters_by_at_most_the_noise():
    torch.manual_seed(0)
    boxes = torch.rand(500, 4) * 0.5 + 0.2
    noisy, contents = QueryDenoising(box_noise=0.05, embed_dims=8)(boxes)
    assert contents.shape == (500, 8)
    shift = (noisy[:, :2] - boxes[:, :2]).abs() / boxes[:, 2:]
    growth = (noisy[:, 2:] / boxes[:, 2:] - 1).abs()
    assert 0.045 < shift.max() <= 0.0501
    assert 0.045 < growth.max() <= 0.0501


def test_queries_cannot_see_the_answers_but_the_answers_see_all():
    mask = QueryDenoising(embed_dims=8).attention_mask(2, 3, 'cpu')
    assert mask[:2, 2:].all()
    assert not mask[:2, :2].any()
    assert not mask[2:].any()


def test_groups_of_jittered_boxes_cannot_see_each_other():
    denoising = QueryDenoising(embed_dims=8, groups=2)
    boxes = torch.rand(3, 4)
    noisy, contents = denoising(boxes, torch.full((6, 4), 0.5))
    torch.testing.assert_close(noisy, boxes.repeat(2, 1))
    assert contents.shape == (6, 8)
    mask = denoising.attention_mask(2, 3, 'cpu')
    assert mask[:2, 2:].all()
    assert not mask[:, :2].any()
    assert mask[2:5, 5:].all()
    assert mask[5:, 2:5].all()
    assert not mask[2:5, 2:5].any()
