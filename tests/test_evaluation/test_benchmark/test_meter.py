"""The benchmark measures what it says."""

import pytest
import torch

from benchmark_samples import ROOT, SMALL, settings_of, write_tiny_config
from vsd_mot.evaluation.benchmark.meter import (
    StageMeter,
    clock,
    count_flops,
    count_parameters,
    medians,
    peak_memory,
)
from vsd_mot.evaluation.benchmark.settings import Inference, Setting, TrainingStep, Workload, build


@pytest.fixture(scope='module')
def tiny(tmp_path_factory) -> str:
    return write_tiny_config(tmp_path_factory.mktemp('configs'))


def test_what_only_training_needs_is_counted_in_training_alone():
    (config,) = (ROOT / 'configs/vsd_mot').glob('vsd-mot_tiny_*.py')
    setting, workload = Setting('tiny', str(config)), Workload(**SMALL)
    model = build(setting, workload)
    whole = count_parameters(model)['semantics']['all']
    projection = sum(p.numel() for p in model.semantics.distillation.parameters())
    task = Inference(model, setting, workload)
    assert projection > 0
    assert count_parameters(task.model)['semantics']['all'] == whole - projection


def test_stages_add_up_to_the_total(tiny):
    workload = Workload(**SMALL)
    for kind, stages in (
        (Inference, {'preprocess', 'backbone', 'neck', 'encoder', 'decoder', 'propagation'}),
        (
            TrainingStep,
            {'backbone', 'neck', 'encoder', 'decoder', 'propagation', 'backward', 'optimizer'},
        ),
    ):
        setting = settings_of(tiny)[1]
        task = kind(build(setting, workload), setting, workload)
        meter = StageMeter(task.model, clock('cpu'))
        spent = meter.measure(task.run)
        meter.remove()
        assert set(spent) == stages | {'rest', 'total'}
        assert sum(spent[stage] for stage in [*stages, 'rest']) == pytest.approx(spent['total'])
        assert all(value > 0 for value in spent.values())
        assert not task.model.encoder._forward_hooks


def test_operations_of_a_known_layer():
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = torch.nn.Linear(8, 16)
            self.other = torch.nn.Linear(16, 2)

    model = Model()
    images = torch.ones(5, 8)
    flops = count_flops(model, lambda meter: model.other(model.encoder(images)))
    assert flops == dict(encoder=2 * 5 * 8 * 16, rest=2 * 5 * 16 * 2, total=1280 + 320)
    model.other.requires_grad_(False)
    parameters = count_parameters(model)
    assert parameters['encoder'] == dict(all=144, trainable=144)
    assert parameters['total'] == dict(all=144 + 34, trainable=144)


def test_fast_form_counts_the_operations_of_the_published_one(tiny):
    workload = Workload(**SMALL)
    counts = []
    for setting in settings_of(tiny):
        task = Inference(build(setting, workload), setting, workload)
        counts.append(count_flops(task.model, task.run))
        assert task.model.encoder.layers[0].self_attn.plain == setting.plain
    assert counts[0] == counts[1]
    assert counts[0]['encoder'] > 0


def test_medians_and_memory():
    passes = [dict(a=1.0, total=4.0), dict(a=3.0, total=5.0), dict(a=2.0, b=9.0, total=9.0)]
    assert medians(passes) == dict(a=2.0, b=0.0, total=5.0)
    before = peak_memory('cpu')
    ballast = torch.ones(2**24)  # 64 MB
    assert peak_memory('cpu') >= before > 50
    del ballast
