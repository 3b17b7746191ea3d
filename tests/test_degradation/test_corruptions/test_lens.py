"""Drops on the lens."""

import numpy as np
import pytest

from vsd_mot.degradation.corruptions.base import Frame
from vsd_mot.degradation.corruptions.lens import LensDrops

STRIPES = np.tile(np.array([40, 215], np.uint8).repeat(2), (90, 40))[..., None].repeat(3, axis=2)


@pytest.mark.parametrize('severity', [1, 5])
def test_drops_cover_their_share_and_leave_the_rest_alone(severity):
    drops = LensDrops(severity)
    changed = (drops(STRIPES, Frame('v/1.jpg', 0)) != STRIPES).any(axis=2).mean()
    assert drops.level * 0.8 < changed < 0.75


def test_drops_stay_where_they_are():
    drops = LensDrops(3)
    one, later, other = (
        (drops(STRIPES, frame) != STRIPES).any(axis=2)
        for frame in (Frame('v/1.jpg', 0), Frame('v/2.jpg', 1), Frame('w/1.jpg', 0))
    )
    assert (one & later).sum() > 0.8 * (one | later).sum()
    assert (one & other).sum() < 0.8 * (one | other).sum()
