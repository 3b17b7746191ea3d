"""Settings are measured in turn."""

import pytest

from benchmark_samples import SMALL, settings_of, write_tiny_config
from vsd_mot.evaluation.benchmark.settings import Workload
from vsd_mot.evaluation.benchmark.timing import run_interleaved


def test_every_setting_has_its_passes_and_parameters(tmp_path, capsys):
    settings = settings_of(write_tiny_config(tmp_path))
    results = run_interleaved(settings, Workload(**SMALL), train=False, rounds=2, warmup=0)
    assert [result['name'] for result in results] == ['tiny reference', 'tiny']
    for result in results:
        assert len(result['passes']) == 2
        total = result['milliseconds']['total']
        assert total > 0
        assert result['frames_per_second'] == pytest.approx(1000 / total)
        assert result['gflops']['total'] > 0
    counts = [result['parameters']['total'] for result in results]
    assert counts[0] == counts[1]
