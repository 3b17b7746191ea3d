import numpy as np
import pytest

from vsd_mot.models.query_tracking.queries.motion import (
    BoxMotion,
    ConstantVelocity,
    to_centres,
    to_corners,
)


def walk(steps: int, speed: float) -> list[np.ndarray]:
    """A box of 20 x 50 that moves to the right."""
    return [np.array([[speed * t, 0.0, speed * t + 20, 50.0]]) for t in range(steps)]


def followed(boxes: list[np.ndarray], elapsed: float = 1.0) -> BoxMotion:
    kalman = ConstantVelocity()
    motion = kalman.start(boxes[0])
    for box in boxes[1:]:
        motion = kalman.predict(motion, elapsed, np.array([False]))
        motion = kalman.update(motion, box, np.ones(1))
    return motion


def test_a_steady_walk_is_extrapolated():
    motion = followed(walk(40, 3.0))
    later = ConstantVelocity().predict(motion, 1.0, np.array([True])).boxes
    np.testing.assert_allclose(later, walk(41, 3.0)[-1], atol=0.3)


def test_two_frames_at_once_go_as_far_as_two_single_ones():
    motion = followed(walk(40, 3.0))
    kalman, still = ConstantVelocity(), np.array([False])
    twice = kalman.predict(kalman.predict(motion, 1.0, still), 1.0, still)
    np.testing.assert_allclose(kalman.predict(motion, 2.0, still).boxes, twice.boxes, atol=1e-9)


def test_half_the_frames_give_the_same_velocity_per_frame():
    slow = followed(walk(60, 3.0))
    fast = followed(walk(60, 3.0)[::2], elapsed=2.0)
    assert fast.mean[0, 0, 1] == pytest.approx(slow.mean[0, 0, 1], abs=0.05)


def test_a_doubtful_observation_moves_the_box_less():
    kalman = ConstantVelocity()
    motion = kalman.start(walk(1, 0.0)[0])
    seen = walk(2, 10.0)[1]
    sure = kalman.update(motion, seen, np.array([1.0])).boxes[0, 0]
    doubted = kalman.update(motion, seen, np.array([3.0])).boxes[0, 0]
    assert 0 < doubted < sure < 10


def test_a_missed_box_keeps_its_size():
    motion = followed([np.array([[0.0, 0, 20 + t, 50 + 2 * t]]) for t in range(20)])
    kalman = ConstantVelocity()
    resting = to_centres(kalman.predict(motion, 5.0, np.array([True])).boxes)
    growing = to_centres(kalman.predict(motion, 5.0, np.array([False])).boxes)
    np.testing.assert_allclose(resting[0, 2:], motion.mean[0, 2:, 0])
    assert (growing[0, 2:] > resting[0, 2:] + 1).all()


def test_forms_of_boxes_are_inverse():
    boxes = np.array([[1.0, 2, 5, 9], [0, 0, 1, 1]])
    np.testing.assert_allclose(to_corners(to_centres(boxes)), boxes)
