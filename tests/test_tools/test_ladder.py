"""The command that trains a ladder of configs, run for real on a small set."""

import json
from pathlib import Path

import pytest
from mmengine.config import Config

from tools.analysis_tools.ladder import METRICS, main, summary


@pytest.fixture(scope='module')
def command(tinier_config: str, synthetic_set: Path, tmp_path_factory) -> list[str]:
    """Two rungs, two seeds, one set to test on."""
    folder = tmp_path_factory.mktemp('rungs')
    config = Config.fromfile(tinier_config)
    config.train_dataloader.dataset.indices = 4
    for name in ('plain', 'dropping'):
        config.dump(folder / f'{name}.py')
        config.model.propagation.random_drop = 0.5
    return [
        *(str(folder / 'plain.py'), str(folder / 'dropping.py')),
        *('--names', 'plain', 'with dropped tracks', '--seeds', '0', '3', '--jobs', '2'),
        *('--test', f'clean={synthetic_set}/', '--work-dir', str(folder / 'work')),
    ]


def work_dir(command: list[str]) -> Path:
    return Path(command[-1])


@pytest.fixture(scope='module')
def finished(command: list[str]) -> list[str]:
    assert main(command) == 0
    return command


def test_every_config_is_trained_with_every_seed(finished: list[str], capsys) -> None:
    folder = work_dir(finished)
    results = json.loads((folder / 'results.json').read_text())
    assert list(results) == ['plain', 'with dropped tracks']
    for row, stem in zip(results.values(), ('plain', 'dropping')):
        assert list(row) == ['0', '3']
        for seed in row:
            used = Config.fromfile(folder / stem / f'seed{seed}' / f'{stem}.py')
            assert used.randomness.seed == int(seed)
            assert set(row[seed]['clean']) == set(METRICS)
            assert 0 <= row[seed]['clean']['HOTA'] <= 100
    table = (folder / 'table.md').read_text().splitlines()
    assert table[0] == '| clean | HOTA | DetA | AssA | MOTA | IDF1 |'
    hota = [results['plain'][seed]['clean']['HOTA'] for seed in ('0', '3')]
    assert table[2].startswith(f'| plain | {summary(hota)} |')


def test_what_is_done_is_not_done_again(finished: list[str], capsys) -> None:
    checkpoints = sorted(work_dir(finished).rglob('epoch_1.pth'))
    assert len(checkpoints) == 4
    before = [path.stat().st_mtime_ns for path in checkpoints]
    assert main(finished) == 0
    assert [path.stat().st_mtime_ns for path in checkpoints] == before
    assert '| plain |' in capsys.readouterr().out


def test_results_of_other_options_are_not_taken(finished: list[str], capsys) -> None:
    status = main([*finished, '--cfg-options', 'optim_wrapper.optimizer.lr=0.1'])
    assert status == 1
    assert 'other options' in capsys.readouterr().err


def test_a_failed_training_is_reported_and_the_rest_goes_on(
    finished: list[str], tmp_path: Path, capsys
) -> None:
    """The broken rung has a row without numbers; the log says why."""
    broken = Config.fromfile(finished[0])
    broken.model.decoder.embed_dims = 100
    broken.dump(tmp_path / 'broken.py')
    command = [str(tmp_path / 'broken.py'), *finished[1:]]
    assert main(command) == 1
    output = capsys.readouterr()
    assert '| plain | - | - | - | - | - |' in output.out
    assert '| with dropped tracks | -' not in output.out
    assert 'train.py failed' in output.err
    assert 'broken/seed0/train.log' in output.err


@pytest.mark.parametrize('folder', ['data/synthetic', '=data', '../up=data'])
def test_a_test_set_needs_a_plain_name(folder: str, capsys) -> None:
    with pytest.raises(SystemExit):
        main(['config.py', '--test', folder])
    assert 'expected NAME=DATA_ROOT' in capsys.readouterr().err


def test_the_seeds_are_summed_up() -> None:
    assert summary([]) == '-'
    assert summary([40.0]) == '40.0'
    assert summary([40.0, 43.0]) == '41.5 ± 1.5'
