""""""

import json
import shutil
from pathlib import Path

import pytest
from mmengine.config import Config

from vsd_mot.commands.ladder import main
from vsd_mot.evaluation.ladder import METRICS, Run, TestSet, summary


@pytest.fixture(scope='module')
def command(tinier_config: str, synthetic_set: Path, tmp_path_factory) -> list[str]:
    """One rung, two seeds, one set to test on."""
    folder = tmp_path_factory.mktemp('rungs')
    config = Config.fromfile(tinier_config)
    config.train_dataloader.dataset.indices = 4
    config.dump(folder / 'plain.py')
    return [
        *(str(folder / 'plain.py'), '--names', 'as it is', '--seeds', '0', '3', '--jobs', '2'),
        *('--test', f'clean={synthetic_set}/', '--work-dir', str(folder / 'work')),
    ]


def work_dir(command: list[str]) -> Path:
    return Path(command[-1])


@pytest.fixture(scope='module')
def finished(command: list[str]) -> list[str]:
    assert main(command) == 0
    return command


def test_a_config_is_trained_with_every_seed(finished: list[str]) -> None:
    folder = work_dir(finished)
    results = json.loads((folder / 'results.json').read_text())
    assert list(results) == ['as it is']
    row = results['as it is']
    assert list(row) == ['0', '3']
    for seed in row:
        used = Config.fromfile(folder / 'plain' / f'seed{seed}' / 'plain.py')
        assert used.randomness.seed == int(seed)
        assert set(row[seed]['clean']) == set(METRICS)
        assert 0 <= row[seed]['clean']['HOTA'] <= 100
    table = (folder / 'table.md').read_text().splitlines()
    assert table[0] == '| clean | HOTA | DetA | AssA | MOTA | IDF1 |'
    hota = [row[seed]['clean']['HOTA'] for seed in ('0', '3')]
    assert table[2].startswith(f'| as it is | {summary(hota)} |')


def test_what_is_done_is_not_done_again(finished: list[str], capsys) -> None:
    """A test that is missing is made up for, without a training."""
    folder = work_dir(finished)
    checkpoints = sorted(folder.rglob('epoch_1.pth'))
    assert len(checkpoints) == 2
    table = (folder / 'table.md').read_text()
    before = [path.stat().st_mtime_ns for path in checkpoints]
    (folder / 'plain' / 'seed3' / 'clean.json').unlink()
    assert main(finished) == 0
    assert [path.stat().st_mtime_ns for path in checkpoints] == before
    assert table in capsys.readouterr().out


def test_results_of_something_else_are_not_taken(
    finished: list[str], tmp_path: Path, capsys
) -> None:
    assert main([*finished, '--cfg-options', 'optim_wrapper.optimizer.lr=0.1']) == 1
    assert 'of other options' in capsys.readouterr().err
    elsewhere = list(finished)
    elsewhere[elsewhere.index('--test') + 1] = f'clean={tmp_path}'
    assert main(elsewhere) == 1
    assert 'of another set by the same name' in capsys.readouterr().err


def test_results_from_other_start_weights_are_not_taken(command: list[str], tmp_path: Path) -> None:
    config = Config.fromfile(command[0])
    config.load_from = str(tmp_path / 'start.pth')
    config.dump(tmp_path / 'started.py')
    run = Run('started', str(tmp_path / 'started.py'), 0, tmp_path / 'work', (), threads=1)
    Path(config.load_from).write_bytes(b'first')
    run.reserve([])
    run.reserve([TestSet('clean', 'data/synthetic/')])
    Path(config.load_from).write_bytes(b'second')
    with pytest.raises(ValueError, match='other weights to start from'):
        run.reserve([])


def test_a_failed_training_is_reported_and_the_rest_goes_on(
    finished: list[str], tmp_path: Path, capsys
) -> None:
    """The broken rung has a row without numbers; the log says why. What is done is not trained."""
    broken = Config.fromfile(finished[0])
    broken.model.decoder.embed_dims = 100
    broken.dump(tmp_path / 'broken.py')
    work = shutil.copytree(work_dir(finished), tmp_path / 'work')
    rungs = [str(tmp_path / 'broken.py'), finished[0], '--names', 'broken', 'as it is']
    command = [*rungs, '--seeds', '0', *finished[finished.index('--jobs') : -1], str(work)]
    assert main(command) == 1
    output = capsys.readouterr()
    lines = output.out.splitlines()
    rows = [line.split(' | ') for line in lines if line.startswith(('| broken', '| as it is'))]
    assert [row[0] for row in rows] == ['| broken', '| as it is']
    assert set(rows[0][1:]) <= {'-', '- |'}
    assert '-' not in rows[1]
    assert 'train failed' in output.err
    assert 'broken/seed0/train.log' in output.err


@pytest.mark.parametrize(
    'folder', ['data/synthetic', '=data', '../up=data', '..=data', 'train=data']
)
def test_a_test_set_needs_a_plain_name(folder: str, capsys) -> None:
    with pytest.raises(SystemExit):
        main(['config.py', '--test', folder])
    assert 'expected NAME=DATA_ROOT' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('arguments', 'complaint'),
    [
        (['a.py', 'b/a.py', '--names', 'a', 'b'], 'configs'),
        (['a.py', '--seeds', '0', '0'], '--seeds'),
        (['a.py', '--test', 'x=1', 'x=2'], '--test'),
    ],
)
def test_runs_that_would_share_a_folder_are_refused(
    arguments: list[str], complaint: str, capsys
) -> None:
    rest = [] if '--test' in arguments else ['--test', 'x=1']
    with pytest.raises(SystemExit):
        main([*arguments, *rest])
    assert f'{complaint}: each may be given once' in capsys.readouterr().err
