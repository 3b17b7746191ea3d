import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from vsd_mot.models.query_tracking.queries.association import assign, pairwise_iou


def test_iou_is_torchvisions():
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 10, (2, 7, 2))
    first, second = np.concatenate((low, low + rng.uniform(1, 9, (2, 7, 2))), axis=-1)
    expected = box_iou(torch.from_numpy(first), torch.from_numpy(second)).numpy()
    np.testing.assert_allclose(pairwise_iou(first, second), expected, atol=1e-12)


def test_an_unlike_pair_does_not_push_a_good_one_aside():
    similarity = np.array([[0.6, 0.55], [0.59, 0.0]])
    rows, columns = assign(similarity, 0.5)
    assert list(zip(rows, columns)) == [(0, 1), (1, 0)]
    rows, columns = assign(similarity, 0.595)
    assert list(zip(rows, columns)) == [(0, 0)]


@pytest.mark.parametrize('shape', [(0, 3), (3, 0), (0, 0)])
def test_nobody_is_matched_with_nobody(shape):
    rows, columns = assign(np.zeros(shape), 0.1)
    assert len(rows) == len(columns) == 0
