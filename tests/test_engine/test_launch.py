"""What the command line does to the config, and how processes find each other."""

import argparse
import importlib
import sys
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from vsd_mot.engine.launch import (
    check_checkpoint,
    prepare_config,
    start_process_group,
)
from vsd_mot.errors import CheckpointError, ConfigError, TrackingError
from vsd_mot_cli.options import add_training_and_testing


def parse(*arguments: str) -> argparse.Namespace:
    """Parses as the tools do."""
    parser = argparse.ArgumentParser()
    parser.add_argument('config')
    add_training_and_testing(parser, '--work-dir')
    return parser.parse_args(arguments)


@pytest.fixture
def config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A config; the rank that `prepare_config` may set is forgotten afterwards."""
    monkeypatch.setenv('LOCAL_RANK', 'x')
    monkeypatch.delenv('LOCAL_RANK')
    path = tmp_path / 'tiny.py'
    path.write_text("model = dict(type='A', depth=1)\nlaunch = [1, 2]\n")
    return str(path)


def test_command_line_overrides_the_config(config_file: str) -> None:
    args = parse(config_file, '--cfg-options', 'model.depth=3', 'launch=[4,5]', '--work-dir', 'w')
    cfg = prepare_config(args)
    assert cfg.model == dict(type='A', depth=3)
    assert cfg.launch == [4, 5]
    assert cfg.work_dir == 'w'
    assert cfg.launcher == 'none'
    assert prepare_config(parse(config_file)).work_dir == str(Path('work_dirs/tiny'))


@pytest.mark.parametrize('wrong', ['foo', '=3', 'model.depth=[1,'])
def test_what_is_no_setting_is_an_error_of_the_command_line(
    wrong: str, capsys: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit) as left:
        parse('c.py', '--cfg-options', 'a=1', wrong)
    assert left.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert 'error: --cfg-options: ' in last
    assert wrong.split('=')[-1] in last


@pytest.mark.parametrize(
    'command',
    [
        'train',
        'test',
        'track',
        'robustness',
        'cache_teacher',
        'proposals',
    ],
)
def test_every_command_takes_it_for_an_error_of_the_command_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, 'argv', [command, '--cfg-options', 'foo'])
    parse_args = importlib.import_module(f'vsd_mot.commands.{command}').parse_args
    with pytest.raises(SystemExit):
        parse_args()
    assert "--cfg-options: 'foo' is no setting" in capsys.readouterr().err


def test_config_that_is_not_there_or_does_not_fit(config_file: str) -> None:
    with pytest.raises(ConfigError, match=r'there is no config nowhere\.py'):
        prepare_config(parse('nowhere.py'))
    with pytest.raises(ConfigError, match='do not fit'):
        prepare_config(parse(config_file, '--cfg-options', 'launch.depth=3'))


def test_checkpoint_is_read_before_anything_else(tmp_path: Path) -> None:
    for left_to_mmengine in (None, 'https://host/x.pth', 'open-mmlab://resnet50', 's3://x/y.pth'):
        check_checkpoint(left_to_mmengine)
    file = tmp_path / 'x.pth'
    with pytest.raises(CheckpointError, match=r'x\.pth does not exist'):
        check_checkpoint(str(file))
    torch.save(dict(state_dict=dict(weight=torch.zeros(1000))), file)
    check_checkpoint(str(file))
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(CheckpointError, match=r'x\.pth: cannot be read as a checkpoint'):
        check_checkpoint(str(file))


@pytest.mark.parametrize('flag', ['--local_rank=3', '--local-rank=3'])
def test_both_spellings_of_the_local_rank(
    config_file: str, flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    prepare_config(parse(config_file, flag))
    assert os.environ['LOCAL_RANK'] == '3'
    # torchrun's own wins.
    monkeypatch.setenv('LOCAL_RANK', '1')
    prepare_config(parse(config_file, flag))
    assert os.environ['LOCAL_RANK'] == '1'


def test_launching_without_gpu_explains_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.delenv('RANK', raising=False)
    single = Config(dict(launcher='none'))
    start_process_group(single)
    assert 'model_wrapper_cfg' not in single
    with pytest.raises(TrackingError, match='--launcher slurm needs GPUs'):
        start_process_group(Config(dict(launcher='slurm')))
    with pytest.raises(TrackingError, match='torchrun --nproc_per_node=2'):
        start_process_group(Config(dict(launcher='pytorch')))
