"""The camera's numbers as they are drawn and stored."""

import numpy as np
import pytest
from scipy import stats

from vsd_mot.degradation import (
    FrameParams,
    VideoDegradation,
)
from vsd_mot.degradation.settings import KERNEL_PROBS


@pytest.fixture(scope='module')
def cameras():
    """Frame 0 of 1500 videos, without bad stretches."""
    fluctuation = dict(stretch_every=0)
    return [VideoDegradation(f'{i}', 3, fluctuation=fluctuation).params(0) for i in range(1500)]


def share(values):
    values = list(values)
    return sum(values) / len(values)


def test_probabilities_are_those_of_the_specification(cameras):
    tolerance = 0.045  # 3.5 standard errors
    sinc = [c.first.blur.form == 'sinc' for c in cameras]
    assert share(sinc) == pytest.approx(0.1, abs=tolerance)
    forms = [c.first.blur.form for c in cameras if c.first.blur.form != 'sinc']
    for form, prob in KERNEL_PROBS.items():
        assert share(f == form for f in forms) == pytest.approx(prob, abs=tolerance), form
    for order, probs in (('first', (0.2, 0.7, 0.1)), ('second', (0.3, 0.4, 0.3))):
        scales = np.array([getattr(c, order).scale for c in cameras])
        found = [(scales > 1).mean(), (scales < 1).mean(), (scales == 1).mean()]
        np.testing.assert_allclose(found, probs, atol=tolerance)
        noises = [getattr(c, order).noise for c in cameras]
        assert share(n.kind == 'gaussian' for n in noises) == pytest.approx(0.5, abs=tolerance)
        assert share(n.grey for n in noises) == pytest.approx(0.4, abs=tolerance)
    assert share(c.second.blur is not None for c in cameras) == pytest.approx(0.8, abs=tolerance)
    assert share(c.final_sinc is not None for c in cameras) == pytest.approx(0.8, abs=tolerance)
    assert share(c.jpeg_last for c in cameras) == pytest.approx(0.5, abs=tolerance)
    sizes = np.array([c.first.blur.size for c in cameras])
    assert sorted(set(sizes)) == [7, 9, 11, 13, 15, 17, 19, 21]


def test_ranges_are_uniform_and_those_of_the_specification(cameras):
    def check(values, low, high):
        result = stats.kstest(values, 'uniform', (low, high - low))
        assert result.pvalue > 1e-3, (low, high)

    blurs = [c.first.blur for c in cameras if c.first.blur.form != 'sinc']
    check([b.sigma_x for b in blurs], 0.2, 3)
    check([b.sigma_y for b in blurs if b.form.endswith('aniso')], 0.2, 3)
    second = [c.second.blur for c in cameras if c.second.blur and c.second.blur.form != 'sinc']
    check([b.sigma_x for b in second], 0.2, 1.5)
    check([c.first.scale for c in cameras if c.first.scale < 1], 0.15, 1)
    check([c.second.scale for c in cameras if c.second.scale > 1], 1, 1.2)
    for order, gaussian, poisson in (('first', 30, 3), ('second', 25, 2.5)):
        noises = [getattr(c, order).noise for c in cameras]
        check([n.strength for n in noises if n.kind == 'gaussian'], 1, gaussian)
        check([n.strength for n in noises if n.kind == 'poisson'], 0.05, poisson)
    check([c.final_sinc.cutoff for c in cameras if c.final_sinc], np.pi / 3, np.pi)
    betas = np.array([b.beta for b in blurs if b.form.startswith('generalised')])
    assert 0.5 <= betas.min() < 0.6
    assert 3.5 < betas.max() <= 4
    assert (betas < 1).mean() == pytest.approx(0.5, abs=0.12)
    betas = np.array([b.beta for b in blurs if b.form.startswith('plateau')])
    assert betas.min() == 1
    assert 1.8 < betas.max() <= 2
    qualities = [c.second.jpeg_quality for c in cameras]
    assert min(qualities) >= 30
    assert max(qualities) <= 95
    assert np.mean(qualities) == pytest.approx(62.5, abs=2)


def test_parameters_survive_json(cameras):
    for params in cameras[:50]:
        again = FrameParams.from_dict(params.to_dict())
        assert again.to_dict() == params.to_dict()
        assert again.first.scale == pytest.approx(params.first.scale, rel=1e-5)
