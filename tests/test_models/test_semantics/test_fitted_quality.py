"""The fitted frame quality."""

import json

import cv2
import numpy as np
import pytest
import torch
from mmtrack.registry import MODELS

from good_video import small_photograph
from vsd_mot.errors import ConfigError
from vsd_mot.models.semantics import FittedFrameQuality, FrameQuality
from vsd_mot.models.semantics.quality_features import feature_names


def tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1)))[None]


@pytest.fixture(scope='module')
def picture():
    return small_photograph()


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


def test_numbers_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / 'fit.json'
    path.write_text(json.dumps(dict(features=['sharpness'], weights={})))
    with pytest.raises(ConfigError, match='fitted for other features'):
        FittedFrameQuality(fit=str(path))
    path.write_text(json.dumps(dict(features=feature_names(), weights=dict(mean=[0.0]))))
    with pytest.raises(ConfigError, match='does not hold the weights'):
        FittedFrameQuality(fit=str(path))
