"""Streams depend on seed, video, purpose and index, and on nothing else."""

import itertools

import numpy as np
import pytest

from vsd_mot.degradation.seeding import cdf, normal, stream, torch_seed, video_name


def test_each_stream_is_its_own_and_repeats():
    keys = list(itertools.product((0, 1), ('a', 'b'), ('camera', 'noise'), (0, 1)))
    first = {key: stream(*key[:3], index=key[3]).random() for key in keys}
    assert len(set(first.values())) == len(keys)
    assert {key: stream(*key[:3], index=key[3]).random() for key in keys} == first
    assert len({torch_seed(*key[:3], index=key[3]) for key in keys}) == len(keys)
    assert all(0 <= torch_seed(*key[:3], index=key[3]) < 2**63 for key in keys)


def test_the_streams_are_those_of_all_machines():
    """Written down: a low-quality set made elsewhere has to be continued with the same numbers."""
    assert torch_seed(5, 'MOT17-02', 'camera', index=3) == 534159451101791374
    raw = stream(5, 'MOT17-02', 'camera', index=3).bit_generator.random_raw()
    assert raw == 6450673377874627574


def test_normal_numbers_are_the_inverse_of_the_distribution():
    rng = np.random.default_rng(0)
    draws = normal(rng, 4000)
    assert abs(np.mean(draws)) < 0.06
    assert np.std(draws) == pytest.approx(1, abs=0.04)
    uniform = np.random.default_rng(0).random(4000)
    np.testing.assert_allclose(cdf(draws), uniform, atol=1e-12)


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match='must not be negative, but is -1'):
        stream(-1, 'v', 'noise')


def test_a_video_has_the_name_of_its_folder():
    assert video_name('set/V1/img1/000001.jpg') == 'V1'
    assert video_name('set/V1/000001.jpg') == 'V1'
