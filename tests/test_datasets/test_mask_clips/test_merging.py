"""Clips pasted over clips."""

import numpy as np
import pytest
import torch
from mmtrack.registry import DATASETS

from tiny_masks import write_mots_set
from vsd_mot.datasets.mask_clips.merging import paste

PIPELINE = [
    dict(type='ScaleAndCropClip', size=49, short_edge=65),
    dict(type='VaryColours'),
    dict(type='FlipClip'),
]


@pytest.fixture
def clips(tmp_path):
    return dict(
        type='VideoMaskClips',
        data_root=str(write_mots_set(tmp_path, 8)),
        layout='mots',
        clip_length=4,
        pipeline=PIPELINE,
    )


def test_a_packed_clip(clips):
    np.random.seed(0)
    merged = DATASETS.build(dict(type='MergedMaskClips', clips=clips, probability=1.0))
    for _ in range(6):
        item = merged[0]
        sample, images = item['data_samples'], item['inputs']['img']
        assert images.shape == (4, 3, 49, 49)
        assert images.dtype == torch.uint8
        assert sample.label_maps.shape == (4, 49, 49)
        first = sample.label_maps[0]
        present = set(first.unique().tolist()) - {0, 255}
        assert present == set(range(1, sample.num_objects + 1))
        later = set(sample.label_maps.unique().tolist()) - {0, 255}
        assert later <= present


def test_draws_repeat_with_the_seed(clips):
    merged = DATASETS.build(dict(type='MergedMaskClips', clips=clips))
    items = []
    for _ in range(2):
        np.random.seed(3)
        torch.manual_seed(3)
        items.append(merged[0]['inputs']['img'])
    assert torch.equal(*items)


def test_pasted_objects_lie_on_top():
    below = dict(images=[np.zeros((2, 3, 3), np.uint8)], labels=[np.array([[1, 1, 0]] * 2, 'u1')])
    above = dict(
        images=[np.full((2, 3, 3), 9, np.uint8)], labels=[np.array([[0, 1, 255]] * 2, np.uint8)]
    )
    found = paste(below, above)
    assert found['labels'][0].tolist() == [[1, 2, 0]] * 2
    assert found['images'][0][0, :, 0].tolist() == [0, 9, 0]
