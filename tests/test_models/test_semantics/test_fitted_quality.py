"""The fitted frame quality."""

import json

import cv2
import numpy as np
import pytest
import torch
from mmtrack.registry import MODELS
from skimage import data

from vsd_mot.errors import ConfigError
from vsd_mot.evaluation.quality_fit.fitting import agreement, fit_quality, measure_steps
from vsd_mot.models.semantics import FittedFrameQuality, FrameQuality
from vsd_mot.models.semantics.fitted_quality import SHIPPED, QualityFit
from vsd_mot.models.semantics.quality_features import feature_names, quality_features


def tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1)))[None]


@pytest.fixture(scope='module')
def picture():
    """A part of a photograph, at another size than the one that was fitted."""
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.resize(image[:400], (384, 300), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope='module')
def steps(picture):
    return measure_steps([('photograph', picture)])


def test_nearly_every_degradation_lowers_it(steps):
    share, wrong = agreement(QualityFit.read(SHIPPED), steps)
    assert share > 0.93, wrong


def test_what_the_formula_overlooks(picture):
    """Colour noise, and a blur in one direction."""
    measure = FittedFrameQuality()
    clean = measure.score(tensor(picture)).quality
    rng = np.random.default_rng(0)
    noise = 25 * rng.standard_normal(picture.shape)
    noise -= (noise @ [0.114, 0.587, 0.299])[..., None]
    coloured = (picture + noise).clip(0, 255).astype(np.uint8)
    blurred = cv2.blur(picture, (31, 1))
    for worse in (coloured, blurred):
        assert measure.score(tensor(worse)).quality < clean - 0.05


def test_components_are_those_of_the_formula_and_the_config_names_either(picture):
    fitted = MODELS.build(dict(type='FittedFrameQuality')).score(tensor(picture))
    formula = MODELS.build(dict(type='FrameQuality')).score(tensor(picture))
    for name in ('clarity', 'noise', 'contrast'):
        torch.testing.assert_close(getattr(fitted, name), getattr(formula, name))
    assert isinstance(FittedFrameQuality(), FrameQuality)
    assert fitted.quality != formula.quality


def test_features_have_their_names_and_frames_do_not_mix(picture):
    batch = torch.cat((tensor(picture), tensor(picture[::-1].copy()), tensor(255 - picture)))
    together = quality_features(batch)
    assert together.shape == (3, len(feature_names()))
    assert torch.isfinite(together).all()
    torch.testing.assert_close(together[2:], quality_features(batch[2:]), rtol=1e-4, atol=1e-4)
    small = quality_features(torch.zeros(1, 3, 9, 14, dtype=torch.uint8))
    assert torch.isfinite(small).all()


def test_a_fit_learns_the_order_and_is_read_back(steps, tmp_path):
    fit = fit_quality(steps, iterations=400, jitter=0.1)
    assert agreement(fit, steps)[0] > 0.95
    path = tmp_path / 'fit.json'
    weights = {name: value.tolist() for name, value in vars(fit).items()}
    path.write_text(json.dumps(dict(features=feature_names(), weights=weights)))
    torch.testing.assert_close(QualityFit.read(path)(steps.features), fit(steps.features))


def test_numbers_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / 'fit.json'
    path.write_text(json.dumps(dict(features=['sharpness'], weights={})))
    with pytest.raises(ConfigError, match='fitted for other features'):
        FittedFrameQuality(fit=str(path))
    path.write_text(json.dumps(dict(features=feature_names(), weights=dict(mean=[0.0]))))
    with pytest.raises(ConfigError, match='does not hold the weights'):
        FittedFrameQuality(fit=str(path))
