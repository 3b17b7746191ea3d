"""Clips for training: draws, augmentation, merging, stills."""

import cv2
import numpy as np
import pytest
import torch
from mmtrack.registry import DATASETS

from hqtrack_fixtures import clip
from tiny_masks import write_mots_set
from vsd_mot.datasets.mask_clips import FlipClip, ScaleAndCropClip, StillMaskClips, VaryColours
from vsd_mot.datasets.mask_clips.clip_dataset import objects_of_first, reflected
from vsd_mot.datasets.mask_clips.merging import paste
from vsd_mot.video.label_files import write_label_map

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


def test_frames_beyond_the_end_turn_back():
    assert reflected(np.array([3, 4, 6, 7, 9]), 5) == [3, 4, 2, 1, 1]
    assert reflected(np.array([0, 5]), 1) == [0, 0]


def test_objects_of_the_first_frame_are_numbered_from_one():
    first = np.array([[0, 7, 3], [-1, 3, 3]])
    later = np.array([[9, 7, 0], [3, -1, 0]])
    found = objects_of_first([first, later])
    assert found[0].tolist() == [[0, 2, 1], [255, 1, 1]]
    assert found[1].tolist() == [[0, 2, 0], [1, 255, 0]]
    np.random.seed(0)
    assert set(np.unique(objects_of_first([np.arange(20)[None]], most=5)[0])) == set(range(6))


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


def test_pasted_objects_lie_on_top():
    below = dict(images=[np.zeros((2, 3, 3), np.uint8)], labels=[np.array([[1, 1, 0]] * 2, 'u1')])
    above = dict(
        images=[np.full((2, 3, 3), 9, np.uint8)], labels=[np.array([[0, 1, 255]] * 2, np.uint8)]
    )
    found = paste(below, above)
    assert found['labels'][0].tolist() == [[1, 2, 0]] * 2
    assert found['images'][0][0, :, 0].tolist() == [0, 9, 0]


def test_stills_are_moved(tmp_path):
    picture, label = clip(1, 65, 97, 3)[0][0], clip(1, 65, 97, 3)[1][0]
    (tmp_path / 'images').mkdir()
    cv2.imwrite(str(tmp_path / 'images/a.jpg'), picture)
    with pytest.raises(ValueError, match='no label map'):
        StillMaskClips(str(tmp_path))
    write_label_map(tmp_path / 'labels/a.png', np.where(label == 1, 255, 0))
    np.random.seed(0)
    item = StillMaskClips(str(tmp_path), clip_length=3)[0]
    assert len(item['images']) == 3
    assert set(np.unique(item['labels'][0])) == {0, 1}  # a saliency mask
    areas = [(one == 1).sum() for one in item['labels']]
    assert all(0.5 < area / areas[0] < 1.6 for area in areas)
    assert not np.array_equal(item['labels'][0], item['labels'][1])
