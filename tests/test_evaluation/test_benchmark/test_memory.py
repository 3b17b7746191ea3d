"""Memory of a setting."""

import pytest

from benchmark_samples import ROOT, SMALL, settings_of, write_tiny_config
from vsd_mot.evaluation.benchmark.memory import measure_memory
from vsd_mot.evaluation.benchmark.settings import Setting, Workload


@pytest.fixture(scope='module')
def tiny(tmp_path_factory) -> str:
    return write_tiny_config(tmp_path_factory.mktemp('configs'))


def test_memory_is_measured_in_a_process_of_its_own(tiny):
    workload = Workload(**SMALL)
    memory = measure_memory(settings_of(tiny)[1], workload, train=False)
    assert 100 < memory['model'] < memory['peak'] < 8000
    broken = Setting('broken', str(ROOT / 'configs/_base_/default_runtime.py'))
    with pytest.raises(RuntimeError, match=r'broken: measuring its memory failed:(.|\n)*no model'):
        measure_memory(broken, workload, train=False)
