"""Masks become one label map."""

import torch

from vsd_mot.models.mask_tracking.refiners import merge_masks


def test_merging_nothing_is_background():
    assert merge_masks(torch.zeros(0, 4, 5, dtype=torch.bool), []).tolist() == [[0] * 5] * 4
