"""Every documented way to train, run as a user runs it, on a small synthetic set."""

import os
import sys
import time
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from command_runs import load, parse, run
from forked_commands import start
from vsd_mot.commands.train import main
from vsd_mot.engine import load_weights

TOOLS = ('train', 'test')


def test_mim_train_mmtrack(tinier_config: str, tmp_path: Path) -> None:
    """MMTracking's own script trains a config of ours."""
    run('mim', 'train', 'mmtrack', tinier_config, '--gpus', '0', '--work-dir', tmp_path)
    assert (tmp_path / 'last_checkpoint').read_text() == str(tmp_path / 'epoch_1.pth')
    assert load_weights(tmp_path / 'epoch_1.pth')['meta']['iter'] == 5


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


def test_killed_training_resumes(
    tinier_config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = [tinier_config, '--work-dir', str(tmp_path)]
    options += ['--cfg-options', 'train_cfg.max_epochs=2']
    log = tmp_path / 'first.log'
    process = start(['train', *options], log)
    while not (tmp_path / 'last_checkpoint').exists():
        assert process.is_alive(), log.read_text()
        time.sleep(0.05)
    process.kill()
    process.join()
    assert not (tmp_path / 'epoch_2.pth').exists()

    monkeypatch.setenv('LOCAL_RANK', '0')  # the command sets it, and it is restored
    assert main([*options, '--resume']) == 0
    logs = [path.read_text() for path in tmp_path.glob('*/*.log')]
    assert any('resumed epoch: 1, iter: 5' in text for text in logs)
    assert load_weights(tmp_path / 'epoch_2.pth')['meta']['iter'] == 10


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


def test_resuming_from_the_last_or_a_named_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse('train', monkeypatch, 'c.py').resume is None
    assert parse('train', monkeypatch, 'c.py', '--resume').resume == 'auto'
    assert parse('train', monkeypatch, 'c.py', '--resume', 'x.pth').resume == 'x.pth'


class RestartedError(BaseException):
    """The process would begin again."""


@pytest.mark.parametrize('flags', [['--device', 'cpu'], ['--gpus', '0']])
def test_gpus_can_be_left_alone(monkeypatch: pytest.MonkeyPatch, flags: list[str]) -> None:
    """Where there are GPUs, the process begins again without them, by the same command line."""

    def restart(*arguments: str) -> None:
        raise RestartedError(*arguments)

    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(os, 'execv', restart)
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '0')
    with pytest.raises(RestartedError) as restarted:
        main(['c.py', *flags])
    assert os.environ['CUDA_VISIBLE_DEVICES'] == '-1'
    assert restarted.value.args == (sys.executable, [sys.executable, *sys.orig_argv[1:]])
