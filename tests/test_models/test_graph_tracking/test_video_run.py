"""Frames of a video in, tracks out."""

import numpy as np
import torch

from vsd_mot.models.graph_tracking.finishing import TrackFinishing, TrackRows
from vsd_mot.models.graph_tracking.video_run import VideoRun, boxes_by_frame


class ByColumn:
    """Stands for a hierarchy: who is in one half of the picture is one person."""

    level_vectors = torch.nn.Embedding(1, 1)

    def associate(self, clip):
        return (clip.boxes[:, 0] > 50).long()


def run(min_score=0.3):
    return VideoRun(
        ByColumn(), dict(type='ClipStitcher'), TrackFinishing(), min_score=min_score,
        published=False, frame_rate=10.0,
    )  # fmt: skip


def test_people_are_tracked_and_gaps_filled():
    video, asked = run(), []

    def describe(kept):
        asked.append(kept.tolist())
        return np.zeros((len(kept), 4))

    for number in (1, 2, 4):
        boxes = np.array([[10.0 + number, 5, 20 + number, 40], [60, 5, 70, 40], [0, 0, 9, 9]])
        video.add(
            number, boxes=boxes, scores=np.array([0.9, 0.8, 0.1]), size=(60, 90), describe=describe
        )
    video.add(5, boxes=np.zeros((0, 4)), scores=np.zeros(0), size=(60, 90), describe=describe)
    rows = video.finish()
    assert asked == [[0, 1]] * 3  # nobody describes what has too low a score
    found = boxes_by_frame(rows)
    assert sorted(found) == [1, 2, 3, 4]
    torch.testing.assert_close(
        found[3]['bboxes'], torch.tensor([[13.0, 5, 23, 40], [60, 5, 70, 40]])
    )
    assert len({tuple(fields['instances_id'].tolist()) for fields in found.values()}) == 1


def test_a_video_without_detections_has_no_tracks():
    rows = run().finish()
    assert len(rows) == 0
    assert boxes_by_frame(rows) == {}


def test_frames_have_their_own_rows():
    rows = TrackRows(
        np.array([2, 2, 5]), np.array([1, 4, 1]),
        np.array([[0, 0, 10, 20], [5, 5, 1, 1], [1, 1, 2, 2.0]]), np.array([0.5, 0.6, 0.7]),
    )  # fmt: skip
    found = boxes_by_frame(rows)
    assert found[2]['bboxes'].tolist() == [[0, 0, 10, 20], [5, 5, 6, 6]]
    assert found[2]['instances_id'].tolist() == [1, 4]
    assert found[5]['scores'].item() == torch.tensor(0.7).item()
    assert found[5]['labels'].tolist() == [0]
