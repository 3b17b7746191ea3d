"""A line for every track."""

import torch
from mmengine.structures import InstanceData

from vsd_mot.app.track_table import TrackTable
from vsd_mot.video.results import FrameResult


def frame(index: int, scores: dict[int, float], labels: dict[int, int]) -> FrameResult:
    tracks = InstanceData(
        bboxes=torch.zeros(len(scores), 4),
        scores=torch.tensor(list(scores.values())),
        labels=torch.tensor([labels[identity] for identity in scores], dtype=torch.long),
        instances_id=torch.tensor(list(scores), dtype=torch.long),
    )
    return FrameResult(index, None, tracks, time=index / 10, number=index + 5, classes=('person',))


def test_tracks_come_and_go() -> None:
    table, labels = TrackTable(), {7: 0, 3: 1}
    table.add(frame(0, {7: 0.5}, labels))
    table.add(frame(1, {}, labels))
    table.add(frame(2, {3: 0.25, 7: 1.0}, labels))
    table.add(frame(3, {3: 0.75}, labels))
    assert len(table) == 2
    assert table.HEADERS[:5] == ('track', 'class', 'first frame', 'last frame', 'frames')
    assert table.rows() == [
        [7, 'person', 5, 7, 2, 0.0, 0.75],
        [3, 'class_1', 7, 8, 2, 0.2, 0.5],
    ]
