"""The choice between two masks."""

import torch

from vsd_mot.models.mask_tracking.refiners import IoUSelector


def test_the_selector_takes_a_mask_at_the_threshold():
    found = torch.zeros(2, 10, 10, dtype=torch.bool)
    refined = found.clone()
    found[0, 0, :], refined[0, :, :] = True, True  # an IoU of 0.1
    found[1, 0, :9], refined[1, :, :] = True, True  # less
    chosen = IoUSelector(0.1)(found, refined)
    assert torch.equal(chosen[0], refined[0])
    assert torch.equal(chosen[1], found[1])
