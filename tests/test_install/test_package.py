"""The package as `mim` and pip see it."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import yaml
from mim.utils import get_installed_path

import vsd_mot

REPOSITORY = Path(__file__).parents[2]


def test_mim_finds_configs_and_tools() -> None:
    mim = Path(get_installed_path('vsd_mot')) / '.mim'
    assert mim.parent == Path(vsd_mot.__file__).parent
    assert (mim / 'configs/_base_/default_runtime.py').samefile(
        REPOSITORY / 'configs/_base_/default_runtime.py'
    )
    assert (mim / 'tools/train.py').samefile(REPOSITORY / 'tools/train.py')
    for link in ('configs', 'demo', 'tools', 'model-index.yml'):
        assert not (mim / link).readlink().is_absolute()


def test_metafiles_list_every_config_once() -> None:
    index = yaml.safe_load((REPOSITORY / 'model-index.yml').read_text())
    models = []
    for path in index['Import']:
        models += yaml.safe_load((REPOSITORY / path).read_text())['Models']
    for model in models:
        assert Path(model['Config']).stem == model['Name']
    listed = sorted(model['Config'] for model in models)
    configs = {
        path for path in (REPOSITORY / 'configs').rglob('*.py') if '_base_' not in path.parts
    }
    assert listed == sorted(str(path.relative_to(REPOSITORY)) for path in configs)


def test_wheel_holds_what_mim_needs(tmp_path: Path) -> None:
    source = tmp_path / 'source'
    source.mkdir()
    for name in ('setup.cfg', 'setup.py', 'pyproject.toml', 'LICENSE'):
        shutil.copy(REPOSITORY / name, source)
    ignored = shutil.ignore_patterns('__pycache__', '*.egg-info', 'build')
    for name in ('projects', 'configs', 'demo', 'tools', 'requirements'):
        shutil.copytree(REPOSITORY / name, source / name, symlinks=True, ignore=ignored)
    (source / 'model-index.yml').write_text('Import: []\n')
    (source / 'README.md').write_text('# VSD-MOT\n')
    pip = [sys.executable, '-m', 'pip', 'wheel', '--no-deps', '--no-build-isolation', '--no-index']
    subprocess.run([*pip, '-q', '-w', tmp_path, source], check=True)

    (wheel,) = tmp_path.glob('*.whl')
    assert wheel.name == f'vsd_mot-{vsd_mot.__version__}-py3-none-any.whl'
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        train = archive.read('vsd_mot/.mim/tools/train.py')
    assert train == (REPOSITORY / 'tools/train.py').read_bytes()
    assert 'vsd_mot/.mim/model-index.yml' in names
    for folder, pattern in (('configs', '*.py'), ('demo', '*.pth'), ('tools', '*.py')):
        wanted = (REPOSITORY / folder).rglob(pattern)
        assert {f'vsd_mot/.mim/{path.relative_to(REPOSITORY)}' for path in wanted} <= names
    modules = (REPOSITORY / 'projects/vsd_mot').rglob('*.py')
    assert {str(path.relative_to(REPOSITORY / 'projects')) for path in modules} <= names
    pages = REPOSITORY / 'projects/vsd_mot/visualization/pages'
    assets = [path for path in pages.rglob('*.*') if path.suffix in ('.css', '.html', '.js')]
    assert len(assets) > 5
    assert {str(path.relative_to(REPOSITORY / 'projects')) for path in assets} <= names
    commands = (REPOSITORY / 'projects/vsd_mot_cli').rglob('*.py')
    assert {str(path.relative_to(REPOSITORY / 'projects')) for path in commands} <= names
    assert {f'vsd_mot/.mim/demo/{name}' for name in ('clip.mp4', 'gt/gt.txt')} <= names
    assert not [name for name in names if not name.startswith('vsd_mot')]
    entry, metadata = (
        zipfile.ZipFile(wheel).read(f'vsd_mot-{vsd_mot.__version__}.dist-info/{name}').decode()
        for name in ('entry_points.txt', 'METADATA')
    )
    assert 'vsd-mot = vsd_mot_cli:main' in entry
    requirements = (REPOSITORY / 'requirements/runtime.txt').read_text().split()
    for required in (*requirements, 'torch==2.11.0'):
        assert f'requires-dist: {required}'.replace('_', '-') in metadata.lower().replace('_', '-')
    for extra in ('export', 'app', 'rerun', 'tune', 'trackers', 'masks', 'hosts'):
        assert f'Provides-Extra: {extra}' in metadata
    assert 'Requires-Python: <3.13,>=3.10' in metadata
