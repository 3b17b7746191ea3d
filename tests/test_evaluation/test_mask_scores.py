"""Scores of masks, against what is known of simple cases."""

import numpy as np
import pytest

from hqtrack_fixtures import clip
from vsd_mot.evaluation import EvaluationError, MaskRuns, j_and_f, mots_scores

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
