"""Class and box branches."""

import pytest
import torch

from vsd_mot.models.query_tracking.heads import MOTRHead
from vsd_mot.models.query_tracking.heads.motr_head import inverse_sigmoid

C = 32


def test_a_fresh_head_gives_the_reference_back():
    head = MOTRHead(num_layers=2, embed_dims=C, initial_size_bias=0.0)
    head.init_weights()
    boxes = torch.tensor([[0.2, 0.3, 0.1, 0.4], [1.01, 0.5, 4e-4, 0.2]])
    refined = head.refine(0, torch.randn(2, C), boxes)
    torch.testing.assert_close(refined[0], boxes[0])
    assert 0.9999 < refined[1, 0] < 1
    assert head.classify(0, torch.zeros(1, C)).sigmoid().item() == pytest.approx(0.01)


def test_inverse_sigmoid_is_the_logit_inside_and_finite_outside():
    x = torch.tensor([0.0, 0.25, 1.0, -0.5, 1.5])
    logit = inverse_sigmoid(x)
    assert logit[1].item() == pytest.approx(-1.0986123)
    assert torch.isfinite(logit).all()
    assert logit[0] == logit[3]
    assert logit[2] == logit[4]


def trained_head() -> MOTRHead:
    """A head whose box branches do something."""
    head = MOTRHead(num_layers=1, embed_dims=C, initial_size_bias=0.0, relative=True)
    head.init_weights()
    torch.nn.init.normal_(head.reg_branches[0][-1].weight, std=0.1)
    return head


def test_relative_boxes_move_with_their_reference():
    """The same state moves a box by the same share of its size, wherever and however large."""
    head, states = trained_head(), torch.randn(6, C)
    boxes = torch.rand(6, 4) * 0.4 + 0.1
    moved = head.refine(0, states, boxes)
    assert not torch.allclose(moved, boxes, atol=1e-3)
    place, scale = torch.tensor([0.3, -0.5]), torch.tensor([0.5, 2.0])
    elsewhere = torch.cat((boxes[:, :2] * scale + place, boxes[:, 2:] * scale), dim=1)
    expected = torch.cat((moved[:, :2] * scale + place, moved[:, 2:] * scale), dim=1)
    torch.testing.assert_close(head.refine(0, states, elsewhere), expected)


def test_a_fresh_relative_head_gives_the_reference_back_outside_of_the_frame_too():
    head = MOTRHead(num_layers=1, embed_dims=C, initial_size_bias=0.0, relative=True)
    head.init_weights()
    boxes = torch.tensor([[0.2, 0.3, 0.1, 0.4], [1.01, -0.5, 4e-4, 0.2]])
    torch.testing.assert_close(head.refine(0, torch.randn(2, C), boxes), boxes)


def test_relative_boxes_stay_finite():
    head = trained_head()
    references = torch.full((50, 4), 0.5)
    references[0, 2:] = torch.tensor([0.0, -0.1])  # a learned one gone astray
    boxes = head.refine(0, 1e6 * torch.randn(50, C), references)
    assert boxes.isfinite().all()
    assert (boxes[:, 2:] > 0).all()
    assert (boxes[:, 2:] < 4).all()
