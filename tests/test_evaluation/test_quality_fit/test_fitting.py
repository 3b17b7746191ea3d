"""Fitting the frame quality."""

import json

import pytest
import torch

from vsd_mot.evaluation.quality_fit.fitting import StepFeatures, agreement, fit_quality
from vsd_mot.evaluation.quality_fit.steps import Step
from vsd_mot.models.semantics.fitted_quality import SHIPPED, QualityFit
from vsd_mot.models.semantics.quality_features import feature_names


def test_nearly_every_degradation_lowers_the_shipped_one(steps):
    share, wrong = agreement(QualityFit.read(SHIPPED), steps)
    assert share > 0.93, wrong


def test_a_fit_learns_the_order_and_is_read_back(steps, tmp_path):
    fit = fit_quality(steps, iterations=400, jitter=0.1)
    assert agreement(fit, steps)[0] > 0.95
    path = tmp_path / 'fit.json'
    weights = {name: value.tolist() for name, value in vars(fit).items()}
    path.write_text(json.dumps(dict(features=feature_names(), weights=weights)))
    torch.testing.assert_close(QualityFit.read(path)(steps.features), fit(steps.features))


def test_agreement_counts_by_kind_and_a_tie_is_no_agreement():
    data = StepFeatures(
        names=['a', 'b'],
        features=torch.tensor([[[3.0], [2.0], [2.0]], [[3.0], [4.0], [1.0]]]),
        steps=[Step('noise', 0, 1), Step('jpeg', 1, 2)],
        levels=torch.tensor([1.0, 0.5, 0.2]),
    )
    share, wrong = agreement(lambda features: features[..., 0], data)
    assert share == pytest.approx(0.5)
    assert wrong == {'noise': 1, 'jpeg': 1}


def test_the_same_seed_gives_the_same_fit(steps):
    one, other = (fit_quality(steps, iterations=3, seed=5) for _ in range(2))
    torch.testing.assert_close(one(steps.features), other(steps.features), rtol=0, atol=0)
