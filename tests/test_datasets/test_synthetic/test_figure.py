"""People as sprites."""

from __future__ import annotations

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.figure import Appearance, FigurePainter, Pose


def person(**changes) -> Appearance:
    grey = np.full(3, 100.0, np.float32)
    look = dict(stature=1.7, build=1.0, shirt=grey, trim=grey, pattern='plain', trousers=grey)
    look.update(skin=grey, hair=grey, shoes=grey)
    return Appearance(**{**look, **changes})


@pytest.mark.parametrize('height', [35.0, 80.0])
def test_figure_fills_its_box(height):
    """A standing person is as tall as its stature, its feet at the foot point."""
    pose = Pose(facing=(0.0, -1.0), phase=0.0, stride=0.0)
    sprite = FigurePainter().draw(person(), pose, foot=(200.25, 150.5), height=height)
    x1, y1, x2, y2 = sprite.bounding_box()
    assert y2 - y1 == pytest.approx(height, rel=0.08)
    assert y2 == pytest.approx(150.5, abs=0.06 * height)
    assert (x1 + x2) / 2 == pytest.approx(200.25, abs=1.5)
    assert 0.2 < (x2 - x1) / (y2 - y1) < 0.5
    covered = sprite.alpha > 0.99
    assert sprite.colour[covered].mean() == pytest.approx(100, rel=0.25)


def test_gait_moves_the_legs():
    """In profile the feet part and meet again: the box breathes with the steps."""
    painter = FigurePainter()
    widths = []
    for phase in np.linspace(0, 2 * np.pi, 9)[:-1]:
        pose = Pose(facing=(1.0, 0.0), phase=float(phase), stride=0.5)
        x1, _, x2, _ = painter.draw(
            person(), pose, foot=(100.0, 150.0), height=100.0
        ).bounding_box()
        widths.append(x2 - x1)
    assert max(widths) > 1.6 * min(widths)
    assert widths[:4] == pytest.approx(widths[4:], abs=6), 'two steps make a cycle'


def test_clothes_and_light_show():
    bright = person(shirt=np.float32([20, 20, 220]))
    pose = Pose((0.0, -1.0), 0.0, 0.0)
    sprite = FigurePainter(light_from=-1.0).draw(bright, pose, foot=(100.0, 200.0), height=150.0)
    x1, y1, x2, y2 = (int(v) for v in sprite.bounding_box())
    rows = slice(y1 + int(0.25 * (y2 - y1)) - sprite.top, y1 + int(0.4 * (y2 - y1)) - sprite.top)
    chest = sprite.colour[rows][sprite.alpha[rows] > 0.99]
    assert chest[:, 2].mean() > 5 * chest[:, 0].mean()
    middle = (x1 + x2) // 2 - sprite.left
    left = sprite.colour[rows, middle - 12 : middle - 6, 2].mean()
    right = sprite.colour[rows, middle + 6 : middle + 12, 2].mean()
    assert left > 1.03 * right, 'the side towards the light is brighter'
