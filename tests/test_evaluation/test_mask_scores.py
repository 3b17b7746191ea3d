"""Scores of masks, against what is known of simple cases."""

import numpy as np
import pytest
import torch

from hqtrack_fixtures import clip
from tiny_masks import write_mots_set
from vsd_mot.commands.score_masks import main
from vsd_mot.evaluation import EvaluationError, MaskRuns, MaskTrackMetric, j_and_f, mots_scores

LABELS = clip(6, 65, 97, 3)[1].astype(int)


def runs(labels) -> dict[str, MaskRuns]:
    masks = MaskRuns()
    for label in labels:
        masks.append(label)
    return {'SEQ': masks}


def test_the_truth_is_perfect_whatever_its_identities():
    renamed = np.where(LABELS > 0, LABELS + 40, 0)
    scores = j_and_f(runs(LABELS), runs(renamed))['all']
    assert scores['J&F'] == pytest.approx(1)
    assert mots_scores(runs(LABELS), runs(renamed))['all']['HOTA'] == pytest.approx(1)


def test_half_an_object_scores_its_overlap():
    labels = np.zeros((4, 20, 20), int)
    labels[:, 4:12, 4:12] = 1
    half = labels.copy()
    half[:, :, 8:] = 0
    assert j_and_f(runs(labels), runs(half))['all']['J-Mean'] == pytest.approx(0.5)


def test_a_swap_costs_association():
    swapped = LABELS.copy()
    swapped[3:] = np.choose(LABELS[3:], [0, 2, 1, 3])
    scores = mots_scores(runs(LABELS), runs(swapped))['all']
    assert scores['DetA'] == pytest.approx(1)
    assert scores['AssA'] < 0.9


def test_missing_frames_and_empty_truth_are_told():
    with pytest.raises(EvaluationError, match='SEQ: 5 frames with results, 6 with ground truth'):
        j_and_f(runs(LABELS), runs(LABELS[:5]))
    with pytest.raises(EvaluationError, match='no sequence has an object'):
        j_and_f(runs(LABELS * 0), runs(LABELS))


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
            sample['given'] = torch.where(torch.isin(truth, torch.tensor(new)), truth, 0)
        metric.process({}, [sample])
    scores = metric.evaluate(len(LABELS))
    assert scores['masks/J&F'] == 100
    assert scores['masks/MOTS HOTA'] == 100
    assert len(list((tmp_path / 'SEQ').glob('*.png'))) == 6


def test_the_command_scores_results_and_a_baseline(tmp_path, capsys):
    root = write_mots_set(tmp_path, split='val')
    common = [str(root), '--min-pixels', '1']
    # the set's own label maps, as results
    (tmp_path / 'results').mkdir()
    (tmp_path / 'results/SEQ').symlink_to(root / 'val/SEQ/labels')
    assert main([*common, '--results', str(tmp_path / 'results')]) == 0
    assert 'J&F 100.0' in capsys.readouterr().out
    assert main([*common, '--baseline']) == 0
    assert 'J-Mean' in capsys.readouterr().out
    assert main([*common, '--results', str(tmp_path / 'nothing')]) == 1
    assert 'no such label map' in capsys.readouterr().err
