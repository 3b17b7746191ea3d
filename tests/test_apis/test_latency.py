import numpy as np
import pytest

from vsd_mot.apis.latency import LatencyMeter


def test_percentiles_of_many_durations_in_little_memory():
    meter = LatencyMeter()
    durations = np.random.default_rng(0).lognormal(-4, 0.5, 20_000)
    for seconds in durations:
        meter.add(seconds)
    assert len(meter) == 20_000
    for percent in (50, 99):
        exact = np.percentile(durations, percent)
        assert meter.percentile(percent) == pytest.approx(exact, rel=0.03)
    assert 'ms per frame (median)' in str(meter)
    assert np.isnan(LatencyMeter().percentile(50))
    assert LatencyMeter().milliseconds() is None
    values = meter.milliseconds()
    assert values['median'] == pytest.approx(1000 * meter.percentile(50), abs=0.01)
    assert values['p99'] > values['median']
