"""What a command does to its process before it imports what does the work."""

import gc
import os
import sys

import pytest

from vsd_mot_cli.running import imports_uncollected, yield_busy_cores


@pytest.fixture
def before_imports(monkeypatch):
    """As in a process that has not imported the package."""
    monkeypatch.delitem(sys.modules, 'vsd_mot', raising=False)


@pytest.mark.usefixtures('before_imports')
def test_what_is_imported_is_not_collected():
    with imports_uncollected():
        assert not gc.isenabled()
        alive = [[]]
    assert gc.isenabled()
    assert not any(thing is alive for thing in gc.get_objects())


@pytest.mark.usefixtures('before_imports')
def test_a_failed_import_leaves_the_collector_at_work():
    with pytest.raises(ModuleNotFoundError), imports_uncollected():
        import no_such_module  # noqa: F401
    assert gc.isenabled()


@pytest.mark.usefixtures('before_imports')
def test_a_collector_that_is_off_stays_off():
    gc.disable()
    try:
        with imports_uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ('variables', 'spins'),
    [
        ({}, '1000'),
        (dict(GOMP_SPINCOUNT='7'), '7'),
        (dict(OMP_WAIT_POLICY='ACTIVE'), None),
    ],
)
def test_threads_wait_without_spinning_unless_the_user_says_so(monkeypatch, variables, spins):
    monkeypatch.setattr(os, 'environ', dict(variables))
    yield_busy_cores()
    assert os.environ.get('GOMP_SPINCOUNT') == spins
