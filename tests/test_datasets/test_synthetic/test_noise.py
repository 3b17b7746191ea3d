"""Smooth fields and colours are as their arguments say."""

import numpy as np

from vsd_mot.datasets.synthetic.noise import blend_colour, fractal_noise


def test_a_larger_cell_is_smoother_and_a_seed_repeats_it():
    coarse, fine = (
        fractal_noise(np.random.default_rng(0), height=64, width=96, cell=cell, octaves=1)
        for cell in (32, 4)
    )
    assert coarse.shape == (64, 96)
    assert coarse.dtype == np.float32
    assert np.abs(np.diff(coarse)).mean() < 0.3 * np.abs(np.diff(fine)).mean()
    again = fractal_noise(np.random.default_rng(0), height=64, width=96, cell=32, octaves=1)
    np.testing.assert_array_equal(again, coarse)


def test_the_field_is_centred_and_bounded():
    fields = [
        fractal_noise(np.random.default_rng(seed), height=40, width=40, cell=8)
        for seed in range(30)
    ]
    assert abs(np.mean(fields)) < 0.1
    assert np.abs(fields).max() < 2


def test_colours_lie_on_the_line_between_two():
    rng = np.random.default_rng(0)
    colours = np.array([blend_colour(rng, (0, 100, 50), (100, 0, 50)) for _ in range(20)])
    np.testing.assert_allclose(colours[:, 0] + colours[:, 1], 100, rtol=1e-5)
    assert (colours[:, 2] == 50).all()
    assert np.ptp(colours[:, 0]) > 30
