"""Fixtures of the tests of commands."""

from pathlib import Path

import pytest

from command_runs import run


@pytest.fixture(scope='session')
def trained(tinier_config: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work folder of a training by MMTracking's own script."""
    folder = tmp_path_factory.mktemp('mim_train_mmtrack')
    run('mim', 'train', 'mmtrack', tinier_config, '--gpus', '0', '--work-dir', folder)
    return folder
