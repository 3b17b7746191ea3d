"""Places: their geometry, light and shadows."""

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.scene import LIGHTS, STYLES, ScenePainter


def painter(style='plaza', light='sun', seed=0):
    return ScenePainter(
        np.random.default_rng(seed),
        width=160,
        height=100,
        view=(20.0, 10.0, 140.0, 90.0),
        style=style,
        light=light,
    )


@pytest.mark.parametrize('style', STYLES)
@pytest.mark.parametrize('light', LIGHTS)
def test_every_place_is_a_lit_picture(style, light):
    scene = painter(style, light).paint()
    assert scene.canvas.shape == (100, 160, 3)
    assert 0 <= scene.canvas.min() <= scene.canvas.max() <= 255
    assert scene.canvas.std() > 5
    assert scene.light.shape == (100, 160)
    assert (scene.light > 0).all()
    casts = light in ('sun', 'dusk') and style != 'stage'
    assert (scene.shadow is not None) is casts
    assert (scene.shadow_strength > 0) is casts
    if casts:  # away from the light
        assert scene.shadow[0] * scene.light_from < 0


def test_the_nearest_people_stand_at_the_lower_edge_and_the_farthest_are_small():
    for seed in range(10):
        ground = painter(seed=seed).ground
        assert ground.near < ground.far
        assert ground.project(0.0, ground.near)[1] == pytest.approx(90, abs=0.06 * 80)
        assert 1.7 * ground.scale(ground.far) == pytest.approx(0.16 * 80)


def test_night_is_darker_than_day():
    night, day = (np.mean([painter('street', light, s).paint().canvas.mean() for s in range(4)])
                  for light in ('night', 'sun'))  # fmt: skip
    assert night < 0.8 * day
