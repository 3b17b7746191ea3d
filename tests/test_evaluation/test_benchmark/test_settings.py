"""Models in comparable settings."""

import time

import pytest
import torch

from benchmark_samples import SMALL, settings_of, write_tiny_config
from vsd_mot.commands import benchmark
from vsd_mot.evaluation.benchmark.meter import (
    StageMeter,
)
from vsd_mot.evaluation.benchmark.settings import Inference, Setting, TrainingStep, Workload, build


@pytest.fixture(scope='module')
def tiny(tmp_path_factory) -> str:
    return write_tiny_config(tmp_path_factory.mktemp('configs'))


def test_reference_and_fast_form_track_alike(tiny):
    """Equal weights, equal frames, another way to compute them."""
    workload = Workload(**SMALL, window=2)
    results = []
    for setting in settings_of(tiny):
        task = Inference(build(setting, workload), setting, workload)
        assert task.frames == (1 if setting.plain else 2)
        inputs, samples = task.preprocess()
        assert tuple(inputs['img'].shape) == (task.frames, 1, 3, 64, 96)
        features = task.model.extract(inputs['img'][:1, 0])[0].memory
        with torch.no_grad():
            inference = task.model.extract(inputs['img'][:1, 0])[0].memory
        torch.testing.assert_close(features, inference, rtol=1e-4, atol=1e-4)
        results.append(inference)
        sample = task.model.predict(inputs, samples)[0]
        assert 'pred_track_instances' in sample
    torch.testing.assert_close(*results, rtol=1e-4, atol=1e-4)
    assert not torch.equal(*results), 'the reference was computed the fast way'


def test_each_frame_begins_with_the_tracks_it_was_given(tiny):
    setting = settings_of(tiny)[1]
    for tracks in (0, 4):
        workload = Workload(**{**SMALL, 'tracks': tracks}, window=3)
        task = Inference(build(setting, workload), setting, workload)
        counts = []
        task.model.decoder.register_forward_pre_hook(
            lambda module, args, counts=counts: counts.append(len(args[0]))
        )
        meter = StageMeter(task.model, time.perf_counter)
        for _ in range(2):
            meter.measure(task.run)
        assert counts == [10 + 6 + tracks] * 6  # learned, proposals, tracks


def test_recomputation_counts_as_backward_and_keeps_the_gradients(tiny):
    workload = Workload(**SMALL)
    losses, calls = {}, {}
    for checkpointing in ('none', 'layers', 'frames'):
        setting = Setting('x', tiny, checkpointing=checkpointing)
        task = TrainingStep(build(setting, workload), setting, workload)
        seen = []
        # before it: what runs again stops as soon as it has what the backward pass needs
        layer = task.model.encoder.layers[0]
        layer.register_forward_pre_hook(lambda *_, seen=seen: seen.append(1))
        torch.manual_seed(0)
        total = sum(task.model.loss(task.inputs, task.samples).values())
        total.backward()
        calls[checkpointing] = len(seen)
        grad = layer.linear1.weight.grad
        losses[checkpointing] = (total.item(), grad.norm().item())
    assert calls == dict(none=1, layers=2, frames=4)  # frames: one by one, and again
    assert losses['layers'] == pytest.approx(losses['none'], rel=1e-4)
    assert losses['frames'] == pytest.approx(losses['none'], rel=1e-4)


def test_models_that_cannot_be_measured_are_refused(tiny, tmp_path):
    other = tmp_path / 'other.py'
    other.write_text("model = dict(type='mmdet.ResNet', depth=18)")
    with pytest.raises(
        ValueError, match=r'ResNet has not the stages that are measured; this benchmark is for'
    ):
        build(Setting('other', str(other)), Workload())
    if not torch.cuda.is_available():
        options = benchmark.parse_args([tiny, '--device', 'cuda'])
        with pytest.raises(ValueError, match='torch sees no GPU here'):
            benchmark.make_workload(options)
