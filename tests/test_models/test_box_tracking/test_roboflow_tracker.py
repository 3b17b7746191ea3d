"""Trackers of the package `trackers`, by MMTracking's convention."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample

from vsd_mot.errors import ConfigError
from vsd_mot.extras import MissingExtraError
from vsd_mot.models.box_tracking import RoboflowTracker

NAMES = ['sort', 'bytetrack', 'ocsort', 'botsort', 'cbiou']


def sample_of(frame_id, boxes, scores, size=(100, 200)):
    sample = TrackDataSample(metainfo=dict(frame_id=frame_id, img_shape=size, ori_shape=size))
    sample.pred_det_instances = InstanceData(
        bboxes=torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        scores=torch.tensor(scores, dtype=torch.float32),
        labels=torch.zeros(len(scores), dtype=torch.long),
    )
    return sample


def walk(tracker, frames=8):
    """Two people who walk and a box of low score; the results of each frame."""
    results = []
    for frame in range(frames):
        boxes = [[x, 20, x + 20, 80] for x in (10 + 2 * frame, 150 - frame, 90)]
        sample = sample_of(frame, boxes, [0.9, 0.8, 0.05])
        results.append(tracker.track(data_sample=sample))
    return results


@pytest.mark.parametrize('name', NAMES)
def test_people_keep_their_numbers_and_boxes(name):
    tracker = MODELS.build(dict(type='RoboflowTracker', name=name))
    last = walk(tracker)[-1]
    order = last.bboxes[:, 0].argsort()
    # As detected; the box of low score belongs to nobody.
    assert last.bboxes[order].tolist() == [[24, 20, 44, 80], [143, 20, 163, 80]]
    assert last.scores[order].tolist() == pytest.approx([0.9, 0.8])
    assert last.labels.tolist() == [0, 0]
    assert last.instances_id.dtype == torch.long
    assert sorted(last.instances_id.tolist()) == [0, 1]
    # A second video begins anew, at its frame 0.
    again = walk(tracker)
    for first, second in zip(walk(tracker), again):
        assert first.instances_id.tolist() == second.instances_id.tolist()


@pytest.mark.parametrize('name', NAMES)
def test_unconfirmed_tracks_and_empty_frames_are_empty_results(name):
    tracker = RoboflowTracker(name, minimum_consecutive_frames=5)
    assert len(tracker.track(data_sample=sample_of(0, [], []))) == 0
    results = [
        tracker.track(data_sample=sample_of(n, [[10, 20, 30, 80]], [0.9])) for n in range(1, 9)
    ]
    assert len(results[0]) == 0
    assert results[-1].instances_id.tolist() == [0]
    nobody = tracker.track(data_sample=sample_of(9, [], []))
    assert nobody.bboxes.shape == (0, 4)
    assert nobody.instances_id.tolist() == []
    # The person comes back as the same; OC-SORT wants to see some frames of him first.
    back = [
        tracker.track(data_sample=sample_of(n, [[10, 20, 30, 80]], [0.9])) for n in range(10, 15)
    ]
    assert back[-1].instances_id.tolist() == [0]


def test_settings_reach_the_tracker():
    assert not any(len(r) for r in walk(RoboflowTracker('ocsort', high_conf_det_threshold=0.95)))
    assert len(walk(RoboflowTracker('ocsort', high_conf_det_threshold=0.85))[-1]) == 1


def shaken(camera_motion):
    """Numbers of a person whom a camera that jumps by two body widths sees."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (30, 60, 3), dtype=np.uint8)
    scene = cv2.resize(noise, (600, 300), interpolation=cv2.INTER_CUBIC)
    tracker = RoboflowTracker('botsort', camera_motion=camera_motion)
    numbers = []
    for frame in range(6):
        shift = 40 * (frame % 2)
        # The network's input has half of the frame's size, and is padded.
        view = cv2.resize(scene[:200, shift : shift + 400], (200, 100))
        img = torch.zeros(1, 3, 128, 224)
        img[0, :, :100, :200] = torch.from_numpy(view).permute(2, 0, 1)
        x = 200 - shift
        sample = sample_of(frame, [[x, 60, x + 20, 120]], [0.9], size=(100, 200))
        sample.set_metainfo(dict(ori_shape=(200, 400)))
        numbers += tracker.track(img=img, data_sample=sample).instances_id.tolist()
    return numbers


def test_bot_sort_takes_the_motion_of_the_camera_out():
    assert shaken(camera_motion=True) == [0] * 6
    assert shaken(camera_motion=False) != [0] * 6


def test_frames_that_were_normalised_are_refused():
    tracker = RoboflowTracker('botsort', camera_motion=True)
    with pytest.raises(ValueError, match='normalises them'):
        tracker.track(img=-torch.ones(1, 3, 100, 200), data_sample=sample_of(0, [], []))


def test_a_box_that_is_no_number_is_an_error():
    with pytest.raises(ValueError, match='finite'):
        RoboflowTracker('sort').track(data_sample=sample_of(0, [[10, np.nan, 30, 80]], [0.9]))


@pytest.mark.parametrize(
    ('name', 'settings', 'said'),
    [
        ('os.system', {}, "no tracker 'os.system', but botsort, bytetrack"),
        ('ocsort', dict(speed=3), 'ocsort of the package trackers: .*speed'),
        ('cbiou', dict(buffer_ratio_first=-1.0), 'cbiou of the package trackers'),
    ],
)
def test_wrong_settings_are_named(name, settings, said):
    with pytest.raises(ConfigError, match=said):
        RoboflowTracker(name, **settings)


def test_a_missing_package_comes_with_its_line(monkeypatch):
    monkeypatch.setitem(sys.modules, 'trackers', None)
    with pytest.raises(MissingExtraError, match='pip install --no-deps trackers supervision'):
        RoboflowTracker('ocsort')
