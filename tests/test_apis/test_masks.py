"""Masks of tracks and of given objects, through the API, the files and the command."""

import json
import sys

import numpy as np
import pytest
from mmengine.config import Config
from pycocotools import mask as coco_mask

from bright_box_tracker import moving_boxes, write_config, write_frames
from tiny_masks import TRACKER
from vsd_mot.apis import (
    ConfigError,
    SourceError,
    TrackingError,
    init_masks,
    init_tracker,
    segment_video,
    track_video,
)
from vsd_mot.commands import track
from vsd_mot.video.label_files import read_label_map, write_label_map
from vsd_mot.video.mots_rows import read_mots_rows


@pytest.fixture
def mask_config(tmp_path):
    path = tmp_path / 'tiny_masks.py'
    Config(dict(default_scope='mmtrack', model=TRACKER)).dump(str(path))
    return path


@pytest.fixture
def video(tmp_path):
    return write_frames(tmp_path / 'walk', moving_boxes())


def first_masks(result) -> np.ndarray:
    """A label map with the object 6 in a corner."""
    labels = np.zeros(result.image.shape[:2], np.int32)
    labels[5:40, 5:40] = 6
    return labels


def test_every_track_has_a_mask(tmp_path, mask_config, video):
    tracker = init_tracker(write_config(tmp_path), device='cpu')
    masks = init_masks(mask_config, device='cpu')
    for result in track_video(tracker, video, masks=masks):
        assert result.masks.shape == (len(result), *result.image.shape[:2])
        assert result.masks.dtype == bool
    # another video with the same trackers begins anew
    (first, *_) = track_video(tracker, video, masks=masks)
    assert first.masks.any(axis=(1, 2)).all()


def test_results_without_a_mask_tracker_have_none(tmp_path, video):
    tracker = init_tracker(write_config(tmp_path), device='cpu')
    assert next(iter(track_video(tracker, video))).masks is None


def test_given_objects_are_followed(tmp_path, mask_config, video):
    masks = init_masks(mask_config, device='cpu')
    tracker = init_tracker(write_config(tmp_path), device='cpu')
    labels = first_masks(next(iter(track_video(tracker, video))))
    results = list(segment_video(masks, video, labels))
    assert len(results) == 12
    assert results[0].ids.tolist() == [6]
    assert np.array_equal(results[0].masks[0], labels == 6)
    assert results[0].boxes.tolist() == [[5, 5, 40, 40]]
    slow = segment_video(masks, video, labels, fps=4)
    assert [next(slow).time, next(slow).time] == [0, 0.25]


def test_wrong_first_masks_are_refused(tmp_path, mask_config, video):
    masks = init_masks(mask_config, device='cpu')
    with pytest.raises(SourceError, match='the first masks have no object'):
        segment_video(masks, video, np.zeros((4, 4), int))
    with pytest.raises(SourceError, match='no such label map'):
        segment_video(masks, video, tmp_path / 'none.png')
    with pytest.raises(TrackingError, match=r'the annotation is \(4, 4\), the picture'):
        next(segment_video(masks, video, np.ones((4, 4), int)))


def test_a_config_without_masks_is_refused(tmp_path):
    with pytest.raises(ConfigError, match='makes no masks'):
        init_masks(write_config(tmp_path), device='cpu')


def run(monkeypatch, *arguments) -> int:
    monkeypatch.delenv('DISPLAY', raising=False)
    monkeypatch.setattr(sys, 'argv', ['demo.py'])
    return track.main([str(one) for one in arguments])


def test_the_command_writes_all_files(tmp_path, mask_config, video, monkeypatch, capsys):
    out = tmp_path / 'out'
    arguments = [video, write_config(tmp_path), '--masks', mask_config, '--out', out]
    assert run(monkeypatch, *arguments, '--device', 'cpu', '--pictures', 8) == 0
    printed = capsys.readouterr().out
    assert 'label maps:' in printed
    assert 'MOTS text:' in printed
    maps = sorted((out / 'walk_masks').glob('*.png'))
    assert len(maps) == 12
    content = json.loads((out / 'walk.json').read_text())
    first = [one for one in content['annotations'] if one['image_id'] == 1]
    labels = read_label_map(maps[0])
    rows = {row.identity: row for row in read_mots_rows(out / 'walk_mots.txt')[1]}
    for annotation in first:
        packed = annotation['segmentation']
        mask = coco_mask.decode(dict(packed, counts=packed['counts'].encode())).astype(bool)
        assert annotation['area'] == mask.sum() > 0
        assert np.array_equal(rows[annotation['track_id']].mask, mask)
        assert np.unique(labels[mask]).size == 1
        assert labels[mask][0] > 0
    assert len(np.unique(labels)) == len(first) + 1
    assert len(list((out / 'walk_pictures').glob('*.jpg'))) == 2


def test_the_command_follows_given_masks(tmp_path, mask_config, video, monkeypatch, capsys):
    tracker = init_tracker(write_config(tmp_path), device='cpu')
    labels = first_masks(next(iter(track_video(tracker, video))))
    write_label_map(tmp_path / 'first.png', labels)
    out = tmp_path / 'out'
    arguments = [video, mask_config, '--first-masks', tmp_path / 'first.png', '--out', out]
    assert run(monkeypatch, *arguments, '--device', 'cpu', '--no-video', '--fps', 4) == 0
    assert np.array_equal(read_label_map(out / 'walk_masks/000001.png'), labels)
    assert json.loads((out / 'walk.json').read_text())['videos'][0]['fps'] == 4


def test_masks_and_first_masks_exclude_each_other(monkeypatch):
    with pytest.raises(SystemExit):
        run(monkeypatch, 'v.mp4', 'c', '--masks', 'a', '--first-masks', 'b.png')
