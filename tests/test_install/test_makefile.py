"""When the environment is made, made again, gone on with, or left alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
TESTS = '-m pytest -n auto --dist loadfile --no-loadscope-reorder'


class Checkout:
    """A copy of what the Makefile reads, and a Python that only takes notes.

    Args:
        folder: Where to copy to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ('Makefile', 'pyproject.toml', 'setup.cfg', 'setup.py', 'requirements'):
            copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
            folder.mkdir(exist_ok=True)
            copy(REPOSITORY / name, folder / name)
        for name in (
            'projects/vsd_mot/version.py',
            'projects/mmcv_ext/setup.cfg',
            'projects/mmcv_ext/mmcv/_ext.py',
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)
        self.python = folder / 'fake_python.sh'
        shutil.copy(Path(__file__).parent / 'fake_python.sh', self.python)

    def change_requirements(self) -> None:
        """Makes one of the inputs newer than the environment, which is newer than the others."""
        inputs = [path for path in self.folder.rglob('*') if '.venv' not in path.parts]
        for path in inputs:
            os.utime(path, (1e9, 1e9))
        os.utime(self.folder / '.venv/.ready', (1.1e9, 1.1e9))
        os.utime(self.folder / 'requirements/runtime.txt', (1.2e9, 1.2e9))

    def make(self, target: str, version: str = '3.11.4', **variables: str) -> tuple[str, list[str]]:
        """Runs make.

        Returns:
            What it printed, and what the fake Python was asked to do.
        """
        log = self.folder / 'log'
        log.write_text('')
        environment = dict(
            os.environ, FAKE_LOG=str(log), FAKE_VERSION=version, REAL_PYTHON=sys.executable
        )
        environment.pop('PYTEST_ARGS', None)  # of who runs this test
        environment.update(variables)
        python = variables.get('PYTHON', str(self.folder / 'fake_python.sh'))
        result = subprocess.run(
            ['make', target, f'PYTHON={python}'],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.succeeded = result.returncode == 0
        return result.stdout, log.read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh one."""
    return Checkout(tmp_path / 'checkout')


@pytest.mark.parametrize('version', ['3.10.0', '3.12.9'])
def test_environment_is_made_once(checkout: Checkout, version: str) -> None:
    _, asked = checkout.make('env', version)
    assert checkout.succeeded
    assert asked[0] == '-m venv --clear .venv'
    assert [line.split()[-1] for line in asked[1:4]] == [
        'requirements/build.txt',
        'requirements/docs.txt',
        'projects/mmcv_ext',
    ]
    assert '-W ignore setup.py -q develop --no-deps' in asked
    assert asked[-1] == 'requirements/check_env.py'

    _, asked = checkout.make('env', version)
    assert asked == []
    _, asked = checkout.make('test')
    assert asked == [TESTS]


def test_changed_requirements_are_installed(checkout: Checkout) -> None:
    checkout.make('env')
    checkout.change_requirements()
    _, asked = checkout.make('env')
    assert len(asked) == 5
    assert 'venv' not in asked[0]


@pytest.mark.parametrize('step', ['build.txt', 'mminstall.txt', 'develop', 'check_env.py'])
def test_interrupted_set_up_is_gone_on_with(checkout: Checkout, step: str) -> None:
    checkout.make('test', FAKE_FAILURE=step)
    assert not checkout.succeeded
    _, asked = checkout.make('test')
    assert checkout.succeeded
    # Not made anew: what is installed is found there by pip.
    assert 'venv' not in asked[0]
    assert asked[-2:] == ['requirements/check_env.py', TESTS]


def test_interrupted_update_is_gone_on_with(checkout: Checkout) -> None:
    checkout.make('env')
    checkout.change_requirements()
    checkout.make('env', FAKE_FAILURE='runtime.txt')
    assert not checkout.succeeded
    _, asked = checkout.make('env')
    assert len(asked) == 5


def test_environment_of_a_moved_checkout_is_made_anew(checkout: Checkout) -> None:
    checkout.make('env')
    checkout.folder = checkout.folder.rename(checkout.folder.with_name('moved'))
    _, asked = checkout.make('env')
    assert asked[0] == '-m venv --clear .venv'
    assert len(asked) == 6
    _, asked = checkout.make('env')
    assert asked == []


@pytest.mark.parametrize('version', ['3.9.18', '3.13.0', '2.7.18'])
def test_other_python_is_refused(checkout: Checkout, version: str) -> None:
    output, asked = checkout.make('test', version)
    assert not checkout.succeeded
    assert asked == []
    assert f'is Python {version}, and 3.10, 3.11 or 3.12 is needed' in output
    assert 'make PYTHON=' in output


def test_absent_python_is_named(checkout: Checkout) -> None:
    output, _ = checkout.make('demo', PYTHON='no-such-python')
    assert not checkout.succeeded
    assert "There is no working 'no-such-python'. Install Python 3.10" in output


def test_targets_are_listed(checkout: Checkout) -> None:
    output, asked = checkout.make('help')
    assert asked == []
    for target in ('demo', 'test', 'lint', 'env'):
        assert f'make {target} ' in output
