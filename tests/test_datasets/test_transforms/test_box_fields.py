"""Objects and proposals are changed and dropped alike, with all that belongs to them."""

import numpy as np

from vsd_mot.datasets.transforms.box_fields import clip_boxes, has_area, keep_boxes, map_boxes


def frame():
    return dict(
        gt_bboxes=np.array([[0, 0, 10, 10], [5, 5, 5, 9]], np.float32),
        gt_bboxes_labels=np.array([0, 1]),
        gt_instances_id=np.array([7, 8]),
        proposals=np.array([[1, 1, 4, 4], [2, 2, 30, 30], [3, 3, 1, 9]], np.float32),
        proposals_scores=np.array([0.9, 0.8, 0.7], np.float32),
    )


def test_a_function_of_boxes_reaches_both_fields():
    results = frame()
    map_boxes(results, lambda boxes: boxes.astype(float) * 2)
    np.testing.assert_array_equal(results['gt_bboxes'], frame()['gt_bboxes'] * 2)
    np.testing.assert_array_equal(results['proposals'], frame()['proposals'] * 2)
    assert results['proposals'].dtype == np.float32
    alone = dict(gt_bboxes=[])
    map_boxes(alone, lambda boxes: boxes + 1)
    assert alone['gt_bboxes'].shape == (0, 4)
    assert set(alone) == {'gt_bboxes'}


def test_what_belongs_to_a_dropped_box_is_dropped_with_it():
    results = frame()
    keep_boxes(results, has_area)
    assert results['gt_instances_id'].tolist() == [7]
    assert results['gt_bboxes_labels'].tolist() == [0]
    assert results['proposals'].tolist() == [[1, 1, 4, 4], [2, 2, 30, 30]]
    np.testing.assert_allclose(results['proposals_scores'], [0.9, 0.8])
    assert 'gt_ignore_flags' not in results


def test_boxes_are_clipped_to_the_picture():
    boxes = np.array([[-5, 2, 30, 40], [50, 60, 70, 80]], np.float32)
    clipped = clip_boxes(boxes, height=20, width=25)
    assert clipped.tolist() == [[0, 2, 25, 20], [25, 20, 25, 20]]
    assert has_area(clipped).tolist() == [True, False]
