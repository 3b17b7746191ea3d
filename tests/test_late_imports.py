"""Modules that are executed when they are used."""

import inspect
import subprocess
import sys
import types
from pathlib import Path

import pytest

from vsd_mot import late_imports
from vsd_mot.late_imports import LATE, LateFinder, LateModule


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A package of two modules that counts how often it is executed."""
    package = tmp_path / 'slow_package'
    package.mkdir()
    (package / '__init__.py').write_text(
        'import builtins\nbuiltins.executed = getattr(builtins, "executed", 0) + 1\n'
        '__version__ = "7"\nfrom .part import value\n'
    )
    (package / 'part.py').write_text('value = 3\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, 'meta_path', [LateFinder(['slow_package']), *sys.meta_path])
    monkeypatch.setattr('builtins.executed', 0, raising=False)
    import slow_package

    yield slow_package
    for name in ('slow_package', 'slow_package.part'):
        sys.modules.pop(name, None)


def executed() -> int:
    import builtins

    return builtins.executed


def test_it_is_executed_once_when_it_is_used(late) -> None:
    assert type(late) is LateModule
    assert executed() == 0
    assert late.value == 3
    assert type(late) is types.ModuleType
    assert late.__version__ == '7'
    assert executed() == 1


def test_a_name_is_imported_from_it(late) -> None:
    from slow_package import value

    assert value == 3
    assert executed() == 1


def test_its_place_and_its_parts_are_known_before(late) -> None:
    assert late.__file__.endswith('__init__.py')
    inspect.getmodule(lambda: 0)  # asks all modules
    import slow_package.part

    assert slow_package.part.value == 3
    assert executed() == 0


def test_a_package_that_has_to_be_whole_is_executed_before_a_part(late, monkeypatch) -> None:
    finder = LateFinder(['slow_package'], whole_first=['slow_package'])
    monkeypatch.setattr(sys, 'meta_path', [finder, *sys.meta_path[1:]])
    import slow_package.part

    assert executed() == 1
    assert type(late) is types.ModuleType
    assert slow_package.part.value == late.value == 3
    # Imported once, and as Python imports it.
    assert sys.modules['slow_package.part'] is slow_package.part
    assert type(slow_package.part.__spec__.loader).__name__ == 'SourceFileLoader'


def test_what_it_does_not_have_is_an_error_as_ever(late) -> None:
    with pytest.raises(AttributeError, match='nothing'):
        late.nothing  # noqa: B018
    assert executed() == 1


def test_what_is_not_installed_is_an_error_where_it_is_imported(monkeypatch) -> None:
    monkeypatch.setattr(sys, 'meta_path', [LateFinder(['no_such_package']), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match='no_such_package'):
        import no_such_package  # noqa: F401


def test_a_module_of_what_is_late_can_be_imported_first() -> None:
    """By anyone, in a fresh process: a circle within a package must not break by being late."""
    program = (
        'import importlib, runpy, sys\n'
        'runpy.run_path(sys.argv[1])\n'
        'for name in ("timm.models._registry", "open_clip.model", "pandas._libs.lib",\n'
        '             "pandas.io", "motmetrics.mot"):\n'
        '    importlib.import_module(name)\n'
        'import timm, open_clip, pandas, motmetrics\n'
        'print(timm.create_model, open_clip.create_model, pandas.read_csv, motmetrics.metrics)\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', program, late_imports.__file__], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert {'open_clip', 'pandas', 'motmetrics'} <= set(LATE)
