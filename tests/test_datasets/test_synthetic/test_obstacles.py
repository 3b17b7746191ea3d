"""Obstacles stand on the ground, between the camera and the people."""

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.ground import Ground
from vsd_mot.datasets.synthetic.obstacles import KINDS, SIZES, paint_obstacles

GROUND = Ground(focal=100.0, eye_height=2.5, horizon=30.0, centre=100.0, near=3.0, far=20.0)


def painted(style, seed):
    rng = np.random.default_rng(seed)
    return paint_obstacles(rng, GROUND, width=200, unit=90.0, style=style)


@pytest.mark.parametrize('style', KINDS)
def test_obstacles_stand_on_the_ground_at_their_distance(style):
    obstacles = [one for seed in range(6) for one in painted(style, seed)]
    assert obstacles
    for one in obstacles:
        assert GROUND.near < one.away < GROUND.far
        assert one.colour.dtype == np.uint8
        assert one.colour.shape == (*one.alpha.shape, 3)
        assert 0 <= one.alpha.min() <= one.alpha.max() <= 1 + 1e-6
        assert one.alpha.any()
        foot = GROUND.project(0.0, one.away)[1]
        assert one.top + len(one.alpha) == pytest.approx(foot, abs=1)
        tallest = 1.15 * max(SIZES[kind][1] for kind in KINDS[style]) * GROUND.scale(one.away)
        assert len(one.alpha) <= max(tallest, 2)


def test_all_kinds_have_a_size_and_a_seed_repeats_them():
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(SIZES)
    first, again = painted('street', 3), painted('street', 3)
    assert [one.away for one in first] == [one.away for one in again]
