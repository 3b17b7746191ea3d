"""Augmentation of whole clips with their masks."""

import numpy as np
import torch

from hqtrack_fixtures import clip
from vsd_mot.datasets.mask_clips import FlipClip, ScaleAndCropClip, VaryColours


def test_a_small_clip_is_padded_and_what_is_padded_is_not_asked_for():
    pictures, labels = clip(3, 65, 97, 3)
    given = dict(images=list(pictures), labels=list(labels))
    np.random.seed(1)
    found = ScaleAndCropClip(size=113, short_edge=65, scale=(1.0, 1.0)).transform(given)
    assert found['images'][0].shape == (113, 113, 3)
    assert (found['labels'][0] == 255).sum() == 113 * 113 - 65 * 97
    assert (found['images'][0][found['labels'][0] == 255] == (104, 116, 124)).all()


def test_colours_vary_and_labels_do_not():
    pictures, labels = clip(2, 65, 97, 3)
    np.random.seed(0)
    torch.manual_seed(0)
    found = VaryColours(jitter_probability=1.0).transform(
        dict(images=list(pictures), labels=list(labels))
    )
    assert not np.array_equal(found['images'][0], pictures[0])
    assert np.array_equal(found['labels'][0], labels[0])


def test_a_flipped_clip_is_mirrored_as_a_whole():
    pictures, labels = clip(2, 65, 97, 3)
    found = FlipClip(1.0).transform(dict(images=list(pictures), labels=list(labels)))
    assert np.array_equal(found['images'][1], pictures[1][:, ::-1])
    assert np.array_equal(found['labels'][1], labels[1][:, ::-1])
