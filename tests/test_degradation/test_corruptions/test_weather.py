"""Fog and rain: what their levels do."""

import itertools

import numpy as np
import pytest

from corruption_samples import photo
from vsd_mot.degradation.corruptions import SEVERITIES, Frame, build_corruption
from vsd_mot.degradation.corruptions.weather import Fog, Rain

BLACK = np.zeros((120, 160, 3), np.uint8)


def test_fog_is_thicker_at_the_top_and_in_higher_severities():
    veils = []
    for severity in SEVERITIES:
        fog = Fog(severity)
        foggy = fog(BLACK, Frame('v/img1/1.jpg', 0)).astype(float)
        assert foggy[:20].mean() > foggy[-20:].mean()
        veils.append(foggy.mean())
        # Light that comes through near the ground, within the banks of the fog.
        through = 1 - foggy[-1].mean() / fog.airlight
        assert (
            Fog.levels[severity - 1] ** 1.15 - 0.02
            < through
            < (Fog.levels[severity - 1] ** 0.85 + 0.02)
        )
    assert all(np.diff(veils) > 0)


def test_fog_drifts_slowly():
    fog = Fog(4)
    first, next_one, later = (
        fog(BLACK, Frame('v/img1/1.jpg', n)).astype(float) for n in (0, 1, 60)
    )
    assert np.abs(next_one - first).mean() < 0.3 * np.abs(later - first).mean()


def test_drops_of_a_severity_are_among_those_of_the_next():
    wet = [Rain(severity)(BLACK, Frame('v/img1/1.jpg', 0)) > 0 for severity in SEVERITIES]
    for mild, strong in itertools.pairwise(wet):
        assert not (mild & ~strong).any()
        assert strong.sum() > mild.sum()


@pytest.mark.parametrize('name', ['fog', 'rain'])
def test_contrast_falls(name):
    image = photo('coffee')
    frame = Frame('v/img1/1.jpg', 0)
    contrasts = [build_corruption(name, s)(image, frame).std() for s in SEVERITIES]
    assert all(np.diff(contrasts) < 0)
