"""The latent quality of a video: its bad stretches and its settings."""

import numpy as np
from scipy import stats

from degradation_samples import STILL, discrete, strength
from vsd_mot.degradation import (
    Fluctuation,
    VideoDegradation,
)


def test_fluctuation_keeps_the_overall_distribution():
    setting = dict(stretch_every=0, share=0.7)
    settings = dict(first=dict(gaussian_prob=1.0))
    values = [
        VideoDegradation(f'{i}', 1, settings=settings, fluctuation=setting)
        .params(37 * i)
        .first.noise.strength
        for i in range(800)
    ]
    assert stats.kstest(values, 'uniform', (1, 29)).pvalue > 1e-3


def test_modes_of_fluctuation():
    still = VideoDegradation('v', 0, fluctuation=STILL)
    assert len({str(still.params(frame)) for frame in range(0, 300, 10)}) == 1
    only_noise = VideoDegradation('v', 0, fluctuation=dict(STILL, noise='smooth'))
    a, b = only_noise.params(0), only_noise.params(60)
    assert a.first.noise.strength != b.first.noise.strength
    assert a.first.scale == b.first.scale
    assert a.second.jpeg_quality == b.second.jpeg_quality
    rough = strength(VideoDegradation('v', 0, fluctuation=dict(noise='frame')), range(50))
    smooth = strength(VideoDegradation('v', 0), range(50))
    assert np.abs(np.diff(rough)).mean() > 5 * np.abs(np.diff(smooth)).mean()
    new = VideoDegradation('v', 0, fluctuation=dict(camera='frame'))
    assert len({str(discrete(new.params(frame))) for frame in range(10)}) == 10


def test_bad_stretches_come_as_often_and_deep_as_set():
    setting = Fluctuation(stretch_every=100, stretch_length=(10, 40), stretch_depth=(1, 2))
    quality = VideoDegradation('v', 4, fluctuation=setting)._quality
    offsets = np.array(
        [
            [quality.stretch_offset(g, f) for g in ('blur', 'noise', 'resolution')]
            for f in range(5000)
        ]
    )
    bad = offsets.max(1) > 0
    stretches = (np.diff(bad.astype(int)) == 1).sum()
    assert 45 <= stretches <= 51
    assert 0.15 < bad.mean() < 0.35  # mean length 25 of 100 frames
    assert 1.5 < offsets.max() <= 2
    assert (offsets > 0).any(0).all()  # every cause occurs
    assert ((offsets > 0).sum(1) <= 1).all()  # one at a time
    none = VideoDegradation('v', 4, fluctuation=dict(stretch_every=0))._quality
    assert none.stretch_offset('blur', 17) == 0
