"""Detections are prepared as published."""

import numpy as np
import pytest

import lgmot_published as published


@pytest.mark.parametrize('name', ['MOT17-01-SDP', *published.TRAIN_CLIPS])
def test_detections_are_prepared_as_published(name):
    detections, data, line = published.scene(name)
    assert np.array_equal(line, data['out_line'])
    assert np.array_equal(detections.frames, data['out_frame'])
    assert np.array_equal(detections.boxes, data['out_box'])
    assert np.array_equal(detections.identities, data['out_id'])
    assert np.array_equal(np.arange(len(detections)), data['out_detection_id'])
    feet = detections.boxes[:, :2] + detections.boxes[:, 2:] * [0.5, 1]
    np.testing.assert_array_equal(feet, data['out_feet'])
