"""Packages that pip was killed in the middle of are found."""

import importlib.util
import sysconfig
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / 'requirements/check_env.py'
spec = importlib.util.spec_from_file_location('check_env', SCRIPT)
check_env = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check_env)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site-packages with a package of two files, and one that has no list of files."""
    (tmp_path / 'good').mkdir()
    (tmp_path / 'good/__init__.py').write_text('x = 1\n')
    (tmp_path / 'good/data.bin').write_bytes(bytes(100))
    metadata = tmp_path / 'good-1.0.dist-info'
    metadata.mkdir()
    (metadata / 'METADATA').write_text('Metadata-Version: 2.1\nName: good\nVersion: 1.0\n')
    (metadata / 'RECORD').write_text(
        'good/__init__.py,sha256=x,6\n'
        'good/data.bin,sha256=x,100\n'
        'good/__pycache__/__init__.cpython-311.pyc,,\n'
        'good-1.0.dist-info/RECORD,,\n'
    )
    linked = tmp_path / 'linked.egg-info'
    linked.mkdir()
    (linked / 'PKG-INFO').write_text('Metadata-Version: 2.1\nName: linked\nVersion: 2.0\n')
    return tmp_path


def test_whole_packages_pass(site: Path) -> None:
    assert check_env.find_broken(str(site)) == {}
    assert check_env.missing_files(PathDistribution(site / 'linked.egg-info')) == []


def test_missing_and_cut_off_files_are_found(site: Path) -> None:
    (site / 'good/data.bin').write_bytes(bytes(40))
    assert check_env.find_broken(str(site)) == {'good==1.0': ['good/data.bin']}
    (site / 'good/__init__.py').unlink()
    assert check_env.find_broken(str(site))['good==1.0'] == ['good/__init__.py', 'good/data.bin']


def test_this_environment_is_whole() -> None:
    assert check_env.find_broken(sysconfig.get_paths()['purelib']) == {}
