"""MOTChallenge's metrics where some sequences show nobody."""

import pytest
import torch

from vsd_mot.evaluation import EvaluationError
from vsd_mot.evaluation.tracking_metrics import TrackingMetrics


def frame(video, number, truth, tracks):
    """A frame of two; ``truth`` and ``tracks`` are identities, at places that belong to them."""

    def boxes(identities):
        return torch.tensor([[10.0 * i, 5, 10 * i + 8, 30] for i in identities]).reshape(-1, 4)

    return dict(
        img_path=f'set/{video}/img1/{number + 1:06d}.jpg',
        frame_id=number,
        video_length=2,
        instances=[
            dict(bbox=box, instance_id=i, mot_conf=1, category_id=1, visibility=1.0)
            for box, i in zip(boxes(truth).tolist(), truth)
        ],
        pred_track_instances=dict(
            bboxes=boxes(tracks), scores=torch.ones(len(tracks)), instances_id=torch.tensor(tracks)
        ),
    )


def scores_of(samples, tmp_path):
    metric = TrackingMetrics(metric=['HOTA', 'CLEAR'], outfile_prefix=str(tmp_path / 'out'))
    metric.dataset_meta = dict(CLASSES=('pedestrian',))
    for sample in samples:
        metric.process({}, [sample])
    return metric.evaluate(len(samples))


def test_tracks_where_nobody_is_are_false_positives(tmp_path):
    samples = [frame('A', n, [1, 2], [1, 2]) for n in (0, 1)]
    samples += [frame('B', n, [], [3]) for n in (0, 1)]
    scores = scores_of(samples, tmp_path)
    assert scores['motchallenge-metric/FP'] == 2
    assert scores['motchallenge-metric/FN'] == 0
    assert scores['motchallenge-metric/MOTA'] == pytest.approx(0.5)


def test_a_set_without_anybody_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match='none of the 1 sequences has ground truth'):
        scores_of([frame('B', n, [], [3]) for n in (0, 1)], tmp_path)
