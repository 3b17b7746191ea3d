"""DSWR and the fusions it is compared with."""

import pytest
import torch
from mmtrack.registry import MODELS

from vsd_mot.models.semantics import (
    DSWR,
    FixedFusion,
    FrameQualityScore,
    LearnedScalarFusion,
)
from vsd_samples import contents


def score(quality: float) -> FrameQualityScore:
    return FrameQualityScore(*[torch.tensor(quality)] * 4)


def test_dswr_is_eq_13_and_14():
    fusion = DSWR(slope=-3.0, bias=1.0)
    semantics, queries = contents(5, 8, seed=2), contents(5, 8)
    fused, weight = fusion(semantics, queries, score(0.4))
    expected = torch.sigmoid(torch.tensor(-3.0 * 0.4 + 1.0))
    torch.testing.assert_close(weight, expected, atol=1e-5, rtol=0)
    torch.testing.assert_close(fused, weight * semantics + (1 - weight) * queries)


def test_lower_quality_has_a_higher_weight_whatever_is_learned():
    fusion = DSWR()
    qualities = torch.linspace(0, 1, 21)
    for raw in (-1e4, -30.0, 0.0, 3.0, 30.0):
        for bias in (-3.0, 0.0, 3.0):
            fusion.raw_slope.data.fill_(raw)
            fusion.bias.data.fill_(bias)
            assert fusion.slope < 0
            assert (fusion.weight(qualities).diff() <= 0).all()
    # and a training that wants the opposite does not get it
    fusion = DSWR()
    optimizer = torch.optim.SGD(fusion.parameters(), lr=50.0)
    for _ in range(50):
        optimizer.zero_grad()
        (fusion.weight(torch.tensor(0.1)) - fusion.weight(torch.tensor(0.9))).backward()
        optimizer.step()
    assert fusion.slope < 0
    assert fusion.weight(torch.tensor(0.0)) >= fusion.weight(torch.tensor(1.0))


def test_gradients_reach_slope_and_bias():
    fusion = DSWR()
    fused, _ = fusion(contents(5, 8, seed=2), contents(5, 8), score(0.4))
    fused.square().sum().backward()
    assert fusion.raw_slope.grad.abs() > 0
    assert fusion.bias.grad.abs() > 0


@pytest.mark.parametrize('kind', [FixedFusion, LearnedScalarFusion])
def test_fusion_at_one_ratio_does_not_look_at_the_quality(kind):
    fusion = kind(weight=0.25)
    semantics, queries = contents(5, 8, seed=2), contents(5, 8)
    fused, weight = fusion(semantics, queries, None)
    torch.testing.assert_close(fused, 0.25 * semantics + 0.75 * queries)
    torch.testing.assert_close(fusion(semantics, queries, score(0.1))[1], weight)
    assert len(list(fusion.parameters())) == (kind is LearnedScalarFusion)


@pytest.mark.parametrize(
    ('config', 'message'),
    [
        (dict(type='DSWR', slope=0.5), 'negative'),
        (dict(type='FixedFusion', weight=1.5), 'between 0 and 1'),
        (dict(type='LearnedScalarFusion', weight=1.0), 'between 0 and 1'),
    ],
)
def test_a_fusion_says_what_is_wrong(config, message):
    with pytest.raises(ValueError, match=message):
        MODELS.build(config)
