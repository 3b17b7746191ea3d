"""Frames with first masks: an object's mask is an input where it first appears."""

import numpy as np
import pytest
import torch
from mmtrack.registry import DATASETS

from hqtrack_fixtures import clip
from tiny_masks import write_mots_set
from vsd_mot.datasets.mask_clips import find_sequences
from vsd_mot.datasets.mask_clips.frame_dataset import first_frames
from vsd_mot.video.label_files import write_label_map


def frames_of(root, **changes):
    return DATASETS.build(
        dict(type='VideoMaskFrames', data_root=str(root), layout='mots', split='train') | changes
    )


def test_a_packed_frame_has_its_picture_truth_and_place(tmp_path):
    frames = frames_of(write_mots_set(tmp_path))
    assert len(frames) == 6
    item = frames[2]
    assert item['inputs']['img'].shape == (1, 3, 65, 97)
    assert item['inputs']['img'].dtype == torch.uint8
    sample = item['data_samples']
    assert (sample.video, sample.frame_id, sample.video_length, sample.fps) == ('SEQ', 2, 6, 10.0)
    assert np.array_equal(sample.truth.numpy(), clip(6, 65, 97, 3)[1][2])


def test_each_object_comes_once_where_it_is_large_enough(tmp_path):
    root = write_mots_set(tmp_path)
    (sequence,) = find_sequences(root, 'mots', 'train')
    labels = [sequence.labels(position) for position in range(6)]
    for least in (1, 30):
        expected = {}
        for position, label in enumerate(labels):
            for identity in np.unique(label[label > 0]).tolist():
                if (label == identity).sum() >= least:
                    expected.setdefault(identity, position)
        assert first_frames(sequence, least) == expected
    items = [item['data_samples'] for item in map(frames_of(root).__getitem__, range(6))]
    new = [set(item.annotation.unique().tolist()) - {0} for item in items if 'annotation' in item]
    assert sorted(identity for identities in new for identity in identities) == [1, 2, 3]


def test_sequences_are_chosen_by_name(tmp_path):
    root = write_mots_set(tmp_path)
    assert len(frames_of(root, sequences=['OTHER'])) == 0
    assert len(frames_of(root, sequences=['SEQ'])) == 6


def test_a_label_map_of_another_size_is_named(tmp_path):
    root = write_mots_set(tmp_path)
    write_label_map(root / 'train/SEQ/labels/000001.png', np.zeros((10, 10), int))
    with pytest.raises(
        ValueError, match=r'label map of .*000001\.png is 10 x 10, its picture 97 x 65'
    ):
        frames_of(root)[0]
