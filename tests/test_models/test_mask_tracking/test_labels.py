"""From logits of groups to one label map."""

import torch

from vsd_mot.models.mask_tracking.labels import CLOSED, aggregate, close_channels, shrink_labels


def test_background_is_what_all_groups_say_is():
    first, second = torch.tensor([2.0, 1.0, 0.0]), torch.tensor([0.5, 3.0])
    found = aggregate([first[:, None, None], second[:, None, None]])[:, 0, 0]
    one, other = first.softmax(0), second.softmax(0)
    joint = torch.stack([one[0] * other[0], one[1], one[2], other[1]]).clamp(1e-5, 1 - 1e-5)
    odds = joint / (1 - joint)
    assert torch.allclose(found, odds / odds.sum())


def test_one_group_is_its_softmax():
    logits = torch.randn(4, 3, 5)
    assert torch.equal(aggregate([logits]), logits.softmax(0))


def test_unused_identities_cannot_win():
    closed = close_channels(torch.zeros(11, 2, 2), 3)
    assert (closed[:4] == 0).all()
    assert (closed[4:] == CLOSED).all()
    assert close_channels(torch.zeros(11, 2, 2).half(), 3)[4:].isfinite().all()


def test_labels_shrink_by_nearest_neighbour_and_keep_large_identities():
    labels = torch.arange(36).view(6, 6) + 100_000
    assert shrink_labels(labels, (3, 2)).tolist() == [
        [100000, 100003],
        [100012, 100015],
        [100024, 100027],
    ]
