"""The benchmark tool measures what it says."""

import json
import time
from pathlib import Path

import pytest
import torch

from vsd_mot.commands import benchmark
from vsd_mot.evaluation.benchmark.meter import (
    StageMeter,
    clock,
    count_flops,
    count_parameters,
    medians,
    peak_memory,
)
from vsd_mot.evaluation.benchmark.settings import Inference, Setting, TrainingStep, Workload, build

ROOT = Path(__file__).resolve().parents[2]
SMALL = dict(size=(64, 96), frame_size=(90, 140), proposals=6, tracks=4, objects=3, clip_length=2)


@pytest.fixture(scope='module')
def tiny(tmp_path_factory) -> str:
    """Config of the tiny tracker, with two encoder layers whatever it has itself."""
    base = ROOT / 'configs/_base_/models/motrv2_tiny.py'
    path = tmp_path_factory.mktemp('configs') / 'tiny.py'
    path.write_text(f'_base_ = {str(base)!r}\nmodel = dict(encoder=dict(num_layers=2))\n')
    return str(path)


def settings_of(config: str) -> tuple[Setting, Setting]:
    return Setting('tiny reference', config, plain=True), Setting('tiny', config)


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


def test_command_line_pairs_configs_and_checkpoints(tmp_path):
    first, second, weights = (tmp_path / name for name in ('a.py', 'b.py', 'b.pth'))
    for path in (first, second, weights):
        path.write_text('')
    names = [str(path) for path in (first, second, weights)]
    assert benchmark.pair_models(names) == [(names[0], None), (names[1], names[2])]
    with pytest.raises(ValueError, match='a checkpoint goes after the config'):
        benchmark.pair_models([names[2]])
    with pytest.raises(ValueError, match='a checkpoint goes after the config'):
        benchmark.pair_models([names[0], names[2], names[2]])
    with pytest.raises(ValueError, match=r'nothing\.py: no such file'):
        benchmark.pair_models([str(tmp_path / 'nothing.py')])


def test_settings_of_a_training_comparison(tiny):
    arguments = [tiny, '--train', '--reference', '--checkpointing', 'none', 'layers']
    settings = benchmark.make_settings(benchmark.parse_args(arguments))
    assert [(s.name, s.plain, s.checkpointing) for s in settings] == [
        ('tiny reference', True, 'none'),
        ('tiny reference, checkpointing', True, 'frames'),
        ('tiny, checkpointing none', False, 'none'),
        ('tiny, checkpointing layers', False, 'layers'),
    ]
    workload = benchmark.make_workload(benchmark.parse_args(arguments))
    assert workload.size == (384, 640)


@pytest.mark.parametrize('train', [False, True])
def test_the_tool_from_the_command_line(tiny, train, tmp_path, capsys):
    out = tmp_path / 'results' / 'benchmark.json'
    arguments = [tiny, tiny, '--reference', '--rounds', '1', '--warmup', '0', '--out', str(out)]
    arguments += ['--size', '64', '96', '--frame-size', '64', '96', '--clip-length', '2']
    arguments += ['--train', '--no-memory'] if train else ['--window', '2', '--no-memory']
    benchmark.main(arguments)
    table = capsys.readouterr().out
    parameters = sum(p.numel() for p in build(settings_of(tiny)[1], Workload()).parameters())
    content = json.loads(out.read_text())
    assert content['train'] == train
    assert content['workload']['size'] == [64, 96]
    assert len(content['results']) == (6 if train else 4)
    for result in content['results']:
        spent = result['milliseconds']
        frames = 2 if train else 1
        assert result['frames_per_second'] == pytest.approx(frames * 1000 / spent['total'])
        assert result['parameters']['total']['all'] == parameters
        assert len(result['passes']) == 1
    assert '| encoder (ms' in table
    assert '| time / reference ' in table
    assert ('time / reference, checkpointing' in table) == train
    assert f'{parameters:,}' in table
    assert not list(out.parent.glob('.*'))


def test_memory_is_measured_in_a_process_of_its_own(tiny):
    workload = Workload(**SMALL)
    found = benchmark.measure_memory(settings_of(tiny)[1], workload, train=False)
    assert 100 < found['model'] < found['peak'] < 8000
    broken = Setting('broken', str(ROOT / 'configs/_base_/default_runtime.py'))
    with pytest.raises(RuntimeError, match=r'broken: measuring its memory failed:(.|\n)*no model'):
        benchmark.measure_memory(broken, workload, train=False)


def test_models_that_cannot_be_measured_are_refused(tiny, tmp_path):
    other = tmp_path / 'other.py'
    other.write_text("model = dict(type='mmdet.ResNet', depth=18)")
    with pytest.raises(ValueError, match=r'ResNet has no backbone; this benchmark is for MOTRv2'):
        build(Setting('other', str(other)), Workload())
    if not torch.cuda.is_available():
        options = benchmark.parse_args([tiny, '--device', 'cuda'])
        with pytest.raises(ValueError, match='torch sees no GPU here'):
            benchmark.make_workload(options)
