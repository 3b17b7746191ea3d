"""The command that benchmarks trackers."""

import json

import pytest

from benchmark_samples import settings_of, write_tiny_config
from vsd_mot.commands import benchmark
from vsd_mot.evaluation.benchmark.settings import Workload, build


@pytest.fixture(scope='module')
def tiny(tmp_path_factory) -> str:
    return write_tiny_config(tmp_path_factory.mktemp('configs'))


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
