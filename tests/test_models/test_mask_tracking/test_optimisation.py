"""Weight decay, rates and averages against the published ones."""

import pytest
import torch
from torch import nn

from hqtrack_fixtures import published_vmos, table
from vsd_mot.engine.conversion.hqtrack_keys import published_key
from vsd_mot.models.mask_tracking.optimisation import (
    MaskOptimWrapperConstructor,
    RampedAverage,
    WarmupPolyLR,
)

STAGES = dict(
    pre=dict(base=4e-4, total=100_000, least=2e-5, identities_until=None),
    stage2=dict(base=2e-4, total=150_000, least=1e-5, identities_until=0.5),
)


def test_weight_decay_acts_where_published():
    constructor = MaskOptimWrapperConstructor(
        dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.07))
    )
    groups = constructor(published_vmos()).optimizer.param_groups
    found = {
        published_key(name): group['weight_decay'] for group in groups for name in group['names']
    }
    expected = {
        key: 0.07 if decay == 'base' else 0.0 for key, (_, used, decay) in table('keys').items()
        if used
    }  # fmt: skip
    assert found == expected


@pytest.mark.parametrize('stage', STAGES)
def test_rates_are_the_published_ones(stage):
    settings = dict(STAGES[stage])
    base = settings.pop('base')
    groups = [
        dict(params=[nn.Parameter(torch.zeros(1))], role=role)
        for role in ('encoder', 'other', 'identities')
    ]
    scheduler = WarmupPolyLR(torch.optim.AdamW(groups, lr=base), **settings)
    for step, *expected in table('lr_schedule')['rows'][stage]:
        scheduler.last_step = step
        assert scheduler._get_value() == pytest.approx(expected, rel=1e-9)


def test_the_average_reaches_farther_with_time():
    average = RampedAverage(nn.Linear(1, 1), total=1000)
    assert average.decay(0) == pytest.approx(0.1)
    assert average.decay(10**6) == pytest.approx(0.99)
    source = nn.Linear(1, 1)
    average.update_parameters(source)
    source.weight.data += 1
    average.update_parameters(source)
    expected = source.weight - average.decay(1)
    assert average.module.weight.item() == pytest.approx(expected.item(), abs=1e-6)
