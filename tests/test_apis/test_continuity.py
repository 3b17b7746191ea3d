"""Tracks in frames that the model is not shown, and at cuts."""

import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData

from bright_box_tracker import moving_boxes, true_boxes, write_config
from vsd_mot.apis import init_tracker, track_video
from vsd_mot.apis.continuity import Continuity
from vsd_mot.video.results import FrameResult


def result(time, lefts: dict[int, float], damage=None) -> FrameResult:
    boxes = [[left, 10.0, left + 20, 60.0] for left in lefts.values()]
    tracks = InstanceData(
        bboxes=torch.tensor(boxes).reshape(-1, 4),
        scores=torch.full((len(lefts),), 0.8),
        labels=torch.zeros(len(lefts), dtype=torch.int64),
        instances_id=torch.tensor(list(lefts), dtype=torch.int64),
    )
    return FrameResult(round(time * 10), None, tracks, time=time, damage=damage)


def lefts(done: FrameResult) -> dict[int, float]:
    return dict(zip(done.ids.tolist(), done.boxes[:, 0].tolist()))


def test_tracks_go_on_as_they_moved_and_stop_in_time():
    continuity = Continuity(coast=0.25)
    for step in range(4):
        continuity.follow(result(step / 10, {3: 100 + 5 * step, 4: 50}))
    assert lefts(continuity.follow(result(0.4, {}, 'frozen'))) == pytest.approx({3: 120, 4: 50})
    assert lefts(continuity.follow(result(0.5, {}, 'corrupt'))) == pytest.approx({3: 125, 4: 50})
    assert lefts(continuity.follow(result(0.6, {}, 'blank'))) == {}
    assert lefts(continuity.follow(result(0.7, {3: 130}))) == {3: 130}


def test_no_identity_comes_again_after_a_cut():
    continuity = Continuity()
    continuity.follow(result(0.0, {0: 10, 7: 50}))
    assert lefts(continuity.follow(result(0.1, {0: 90}, 'cut'))) == {8: 90}
    assert lefts(continuity.follow(result(0.2, {0: 91, 1: 20}))) == {8: 91, 9: 20}
    assert lefts(continuity.follow(result(0.3, {}, 'unreadable'))) == pytest.approx({8: 92, 9: 20})
    continuity.reset()
    assert lefts(continuity.follow(result(0.0, {0: 10}))) == {0: 10}


@pytest.fixture(scope='module')
def tracker(tmp_path_factory):
    return init_tracker(write_config(tmp_path_factory.mktemp('tracker')), device='cpu')


def test_a_video_with_damage_and_a_cut(tracker):
    frames = moving_boxes(10)
    frames[4] = frames[3]
    frames[6] = np.zeros_like(frames[0])
    others = [255 - frame[:, ::-1] // 2 for frame in frames[:3]]
    video = track_video(tracker, frames + others)
    results = list(video)
    assert [one.damage for one in results[:10]] == [
        'frozen' if index == 4 else 'blank' if index == 6 else None for index in range(10)
    ]
    for index in (4, 6):  # where the people should be, not where the picture shows them
        truth = np.array(list(true_boxes(index).values()))
        assert results[index].ids.tolist() == [15, 25]
        assert np.abs(results[index].boxes - truth).max() <= 3
    assert results[10].damage == 'cut'
    assert min(results[10].ids.tolist(), default=99) > 25
    assert video.damage == {'frozen': 1, 'blank': 1, 'cut': 1}
    # Damaged frames were not shown, and the model began anew at the cut.
    assert tracker.model.frame_ids == [*range(8), *range(3)]
