"""First masks that go with boxes: the baseline of mask tracking."""

import numpy as np
import pytest

from vsd_mot.evaluation.pasted_masks import (
    box_around,
    nearest,
    pasted_masks,
    read_boxes,
    true_boxes,
)


class Sequence:
    """A triangle that moves four columns to the right in each frame, and grows in the last."""

    annotated = (0, 1, 2)

    def labels(self, position: int) -> np.ndarray:
        size = 16 if position == 2 else 8
        labels = np.zeros((40, 60), np.int32)
        labels[10 : 10 + size, 4 * position : 4 * position + size][np.tri(size, dtype=bool)] = 7
        return labels


def iou(one: np.ndarray, other: np.ndarray) -> float:
    return (one & other).sum() / (one | other).sum()


def test_a_mask_goes_with_its_box_and_is_scaled_with_it():
    sequence = Sequence()
    boxes = true_boxes(sequence)
    assert boxes[1][7].tolist() == [0, 10, 8, 8]
    pasted = list(pasted_masks(sequence, {7: 0}, boxes))
    for position, labels in enumerate(pasted):
        assert set(np.unique(labels)) == {0, 7}
        assert iou(labels == 7, sequence.labels(position) == 7) > 0.85


def test_boxes_of_a_tracker_are_joined_by_overlap(tmp_path):
    rows = ['1,3,1,10,8,8,1,-1,-1,-1', '1,4,40,10,8,8,1,-1,-1,-1', '2,3,4,10,8,8,1,-1,-1,-1']
    (tmp_path / 'boxes.txt').write_text('\n'.join(rows))
    boxes = read_boxes(tmp_path / 'boxes.txt', 3)
    with pytest.raises(ValueError, match='has frame 2, and the video has 1'):
        read_boxes(tmp_path / 'boxes.txt', 1)
    first, second, lost = pasted_masks(Sequence(), {7: 0}, boxes)
    assert box_around(first == 7).tolist() == [1, 10, 8, 8]
    assert box_around(second == 7).tolist() == [4, 10, 8, 8]
    assert not lost.any()  # the tracker has no box there


def test_an_object_without_a_box_has_its_first_mask_only():
    far = {frame: {3: np.array([45.0, 25, 8, 8])} for frame in (1, 2, 3)}
    first, *later = pasted_masks(Sequence(), {7: 0}, far)
    np.testing.assert_array_equal(first, Sequence().labels(0))
    assert not np.any(later)


def test_nearest_asks_for_overlap():
    box, others = (
        np.array([0, 0, 10, 10]),
        {5: np.array([0, 0, 10, 8]), 6: np.array([0, 5, 10, 10])},
    )
    assert nearest(box, others, 0.3) == 5
    assert nearest(box, others, 0.9) is None
    assert nearest(box, {}, 0.0) is None
    assert box_around(np.pad(np.ones((2, 3), bool), 4)).tolist() == [4, 4, 3, 2]
    with pytest.raises(ValueError, match='zero-size array'):
        box_around(np.zeros((2, 2), bool))
