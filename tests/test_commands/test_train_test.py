"""Every documented way to train and to test, run as a user runs it, on a small synthetic set."""

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
import torch
from mmengine.config import Config

from vsd_mot.engine import load_weights

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
TOOLS = ('train', 'test')


def run(*command: str | Path) -> str:
    """Runs a program of this environment from the repository's root.

    Returns:
        What it printed.
    """
    result = subprocess.run(
        [PROGRAMS / command[0], *map(str, command[1:])],
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def environment() -> dict[str, str]:
    """Of a process that has no GPU and one thread."""
    path = f'{PROGRAMS}{os.pathsep}{os.environ["PATH"]}'
    return dict(os.environ, PATH=path, CUDA_VISIBLE_DEVICES='-1', OMP_NUM_THREADS='1')


@pytest.fixture(scope='module')
def trained(tinier_config: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work folder of a training by MMTracking's own script."""
    folder = tmp_path_factory.mktemp('mim_train_mmtrack')
    run('mim', 'train', 'mmtrack', tinier_config, '--gpus', '0', '--work-dir', folder)
    return folder


def test_mim_train_mmtrack(trained: Path) -> None:
    assert (trained / 'last_checkpoint').read_text() == str(trained / 'epoch_1.pth')
    assert load_weights(trained / 'epoch_1.pth')['meta']['iter'] == 5


def test_mim_run_mmtrack_test(tinier_config: str, trained: Path, tmp_path: Path) -> None:
    checkpoint = trained / 'epoch_1.pth'
    output = run(
        *('mim', 'run', 'mmtrack', 'test', tinier_config),
        *('--checkpoint', checkpoint, '--work-dir', tmp_path),
    )
    assert 'motchallenge-metric/HOTA: ' in output
    # This project's check of the checkpoint is at work in the host's script, and had no complaint.
    assert 'CheckpointFitHook' in output
    assert 'does not fit' not in output


@pytest.mark.parametrize('by_mim', [True, False])
def test_checkpoint_is_tested(
    tinier_config: str, trained: Path, tmp_path: Path, by_mim: bool
) -> None:
    checkpoint, metrics = trained / 'epoch_1.pth', tmp_path / 'metrics.json'
    rest = ('--work-dir', tmp_path, '--out', metrics)
    if by_mim:
        run('mim', 'test', 'vsd_mot', tinier_config, '--checkpoint', checkpoint, *rest)
    else:
        run('python', 'tools/test.py', tinier_config, checkpoint, *rest)
    values = json.loads(metrics.read_text())
    assert 0 <= values['motchallenge-metric/HOTA'] <= 100
    assert {'DetA', 'AssA', 'MOTA', 'IDF1'} <= {name.split('/')[1] for name in values}


def test_mim_train_vsd_mot_on_two_processes_in_mixed_precision(
    tinier_config: str, tmp_path: Path
) -> None:
    output = run(
        *('mim', 'train', 'vsd_mot', tinier_config, '--launcher', 'pytorch', '--gpus', '2'),
        *('--amp', '--work-dir', tmp_path),
        *('--cfg-options', 'optim_wrapper.optimizer.lr=0.0001', 'log_level=DEBUG'),
    )
    assert 'torch.distributed.launch' in output
    checkpoint = load_weights(tmp_path / 'epoch_1.pth')
    # Two processes share five batches of four clips.
    assert checkpoint['meta']['iter'] == 3
    used = Config.fromfile(tmp_path / 'tinier.py')
    assert used.optim_wrapper.type == 'mmtrack.AmpOptimWrapper'
    assert used.optim_wrapper.optimizer.lr == 0.0001


def test_killed_training_resumes(tinier_config: str, tmp_path: Path) -> None:
    command = ['tools/train.py', tinier_config, '--work-dir', str(tmp_path)]
    command += ['--cfg-options', 'train_cfg.max_epochs=2']
    log = tmp_path / 'first.log'
    with log.open('w') as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=REPOSITORY,
            env=environment(),
            stdout=output,
            stderr=output,
        )
        while not (tmp_path / 'last_checkpoint').exists():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (tmp_path / 'epoch_2.pth').exists()

    output = run('python', *command, '--resume')
    assert 'resumed epoch: 1, iter: 5' in output
    assert load_weights(tmp_path / 'epoch_2.pth')['meta']['iter'] == 10


def load(tool: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> ModuleType:
    """A command, with its command line set."""
    module = importlib.import_module(f'vsd_mot.commands.{tool}')
    monkeypatch.setattr(sys, 'argv', [tool, *arguments])
    return module


def parse(tool: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> argparse.Namespace:
    """Reads a command line as a tool does."""
    return load(tool, monkeypatch, *arguments).parse_args()


NO_DATA = ['--cfg-options', *(f'{part}_dataloader.dataset.data_root=gone' for part in TOOLS)]


@pytest.mark.parametrize(
    ('tool', 'arguments', 'message'),
    [
        ('train', ['nowhere.py'], 'there is no config nowhere.py'),
        ('test', ['nowhere.py'], 'there is no config nowhere.py'),
        ('train', ['CONFIG', '--resume', 'gone.pth'], 'the checkpoint gone.pth does not exist'),
        ('train', ['CONFIG', '--resume'], 'the checkpoint moved.pth does not exist'),
        ('train', ['CONFIG', '--resume', 'cut.pth'], 'cut.pth: cannot be read as a checkpoint'),
        ('test', ['CONFIG', 'gone.pth'], 'the checkpoint gone.pth does not exist'),
        ('test', ['CONFIG', 'cut.pth'], 'cut.pth: cannot be read as a checkpoint'),
        ('test', ['CONFIG', '--launcher', 'pytorch'], '--launcher pytorch needs a launcher'),
        ('train', ['CONFIG', *NO_DATA], 'there is no annotation file gone/annotations/train.json'),
        ('test', ['CONFIG', *NO_DATA], 'there is no annotation file gone/annotations/val.json'),
    ],
)
def test_mistakes_are_one_line(
    tinier_config: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    tool: str,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('RANK', raising=False)
    monkeypatch.setenv('LOCAL_RANK', '0')  # the tools set it, and it is restored
    torch.save(dict(weight=torch.zeros(1000)), 'cut.pth')
    Path('cut.pth').write_bytes(Path('cut.pth').read_bytes()[:2000])
    Path('last_checkpoint').write_text('moved.pth')
    arguments = [tinier_config if part == 'CONFIG' else part for part in arguments]
    module = load(tool, monkeypatch, *arguments, '--work-dir', '.')
    assert module.main() == 1
    assert f'{tool}: {message}' in capsys.readouterr().err


def test_checkpoint_as_argument_or_as_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert parse('test', monkeypatch, 'c.py', 'x.pth').checkpoint == 'x.pth'
    assert parse('test', monkeypatch, 'c.py', '--checkpoint', 'x.pth').checkpoint == 'x.pth'
    assert parse('test', monkeypatch, 'c.py').checkpoint is None
    for wrong, message in (
        (['x.pth', '--checkpoint', 'x.pth'], 'the checkpoint is given twice'),
        (['x.pth', '--out', 'results.pkl'], 'results.pkl: the metrics are written as JSON'),
    ):
        with pytest.raises(SystemExit):
            parse('test', monkeypatch, 'c.py', *wrong)
        assert message in capsys.readouterr().err


def test_resuming_from_the_last_or_a_named_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse('train', monkeypatch, 'c.py').resume is None
    assert parse('train', monkeypatch, 'c.py', '--resume').resume == 'auto'
    assert parse('train', monkeypatch, 'c.py', '--resume', 'x.pth').resume == 'x.pth'


@pytest.mark.parametrize('flags', [['--device', 'cpu'], ['--gpus', '0']])
def test_gpus_can_be_left_alone(monkeypatch: pytest.MonkeyPatch, flags: list[str]) -> None:
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '0')
    parse('train', monkeypatch, 'c.py', '--gpus', '1')
    assert os.environ['CUDA_VISIBLE_DEVICES'] == '0'
    parse('train', monkeypatch, 'c.py', *flags)
    assert os.environ['CUDA_VISIBLE_DEVICES'] == '-1'
