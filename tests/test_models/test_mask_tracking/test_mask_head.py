"""Logits of background and objects."""

import torch

from vsd_mot.models.mask_tracking.mask_head import MaskHead


def test_every_place_has_a_logit_for_each_object_and_gradients_reach_all_weights():
    torch.manual_seed(0)
    head = MaskHead(channels=16, max_objects=3)
    logits = head(torch.randn(2, 16, 5, 7))
    assert logits.shape == (2, 4, 5, 7)
    logits.square().sum().backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in head.parameters())


def test_logits_move_with_the_map():
    torch.manual_seed(0)
    head, x = MaskHead(channels=16, max_objects=3).double(), torch.randn(1, 16, 9, 9).double()
    # The norm looks at the whole map: what is rolled around it must be the same before and after.
    x[..., :2], x[..., -3:] = 0, 0
    moved, plain = head(x.roll(1, dims=3)), head(x).roll(1, dims=3)
    torch.testing.assert_close(moved[..., 3:-3], plain[..., 3:-3])
