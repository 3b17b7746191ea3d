"""The metric counts objects from their first mask on."""

import torch

from hqtrack_fixtures import clip
from vsd_mot.evaluation import MaskTrackMetric

LABELS = clip(6, 65, 97, 3)[1].astype(int)


def test_the_metric_counts_objects_from_where_they_are_given(tmp_path):
    metric = MaskTrackMetric(folder=str(tmp_path))
    for frame, label in enumerate(LABELS):
        truth = torch.from_numpy(label)
        shown = [one for one in (1, 2, 3) if (truth == one).any() and (one < 3 or frame > 3)]
        sample = dict(
            video='SEQ',
            frame_id=frame,
            ori_shape=label.shape,
            truth=truth,
            pred_track_instances=dict(
                instances_id=torch.tensor(shown), masks=torch.stack([truth == i for i in shown])
            ),
        )
        new = {0: (1, 2), 4: (3,)}.get(frame)
        if new:
            sample['annotation'] = torch.where(torch.isin(truth, torch.tensor(new)), truth, 0)
        metric.process({}, [sample])
    scores = metric.evaluate(len(LABELS))
    assert scores['masks/J&F'] == 100
    assert scores['masks/MOTS HOTA'] == 100
    assert len(list((tmp_path / 'SEQ').glob('*.png'))) == 6
