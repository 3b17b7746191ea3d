"""Checks that what pip installed is whole, and installs again what is not.

    .venv/bin/python requirements/check_env.py

pip takes a package for installed as soon as its metadata is there. Where it was killed while
unpacking, files may be missing; this looks for all of them. Standard library only.
"""

import csv
import subprocess
import sys
import sysconfig
from importlib.metadata import Distribution, distributions
from pathlib import Path


def missing_files(distribution: Distribution) -> list[str]:
    """Names the files of a distribution that are not there, or are not of their size.

    Args:
        distribution: An installed one.

    Returns:
        Paths relative to site-packages; empty as well for one without a list of files.
    """
    missing = []
    # Not distribution.files: newer versions of it leave out what is missing.
    for name, _, size in csv.reader((distribution.read_text('RECORD') or '').splitlines()):
        path = Path(distribution.locate_file(name))
        if path.suffix == '.pyc':
            continue
        if not path.exists() or (size and path.stat().st_size != int(size)):
            missing.append(name)
    return missing


def find_broken(folder: str) -> dict[str, list[str]]:
    """Find distributions with missing files.

    Args:
        folder: A site-packages.

    Returns:
        Their 'name==version', with the files that are missing.
    """
    found = {
        f'{distribution.name}=={distribution.version}': missing_files(distribution)
        for distribution in distributions(path=[folder])
        if distribution.read_text('RECORD') is not None
    }
    return {name: files for name, files in found.items() if files}


def main() -> int:
    """Repairs and checks.

    Returns:
        Exit status: 0 if all is well in the end.
    """
    folder = sysconfig.get_paths()['purelib']
    broken = find_broken(folder)
    if broken:
        for name, files in broken.items():
            print(f'{name}: {len(files)} files missing or cut off, such as {files[0]}')
        pip = [sys.executable, '-m', 'pip', 'install', '--no-deps', '--no-build-isolation']
        subprocess.run([*pip, '--force-reinstall', *broken], check=True)
        broken = find_broken(folder)
    if broken:
        print(f'still broken: {", ".join(broken)}; remove .venv and set up again', file=sys.stderr)
        return 1

    from importlib import import_module

    # The pair, the operators that stand in for the compiled ones, the host and the plugin.
    for name in ('torchvision', 'mmcv.ops', 'mmtrack.apis', 'vsd_mot'):
        import_module(name)
    return 0


if __name__ == '__main__':
    sys.exit(main())
