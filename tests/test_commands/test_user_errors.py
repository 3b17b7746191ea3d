"""Errors become one line; a traceback is printed on request."""

import errno
from urllib.error import URLError

import pytest
from tqdm import tqdm

from command_runs import assert_line
from vsd_mot.commands.user_errors import one_line_errors
from vsd_mot.errors import ProposalError

CAUGHT = (
    'Caught ProposalError in DataLoader worker process 0.\nOriginal Traceback (most recent call '
    'last):\n  File "x.py", line 1, in f\n    g()\nvsd_mot.errors.ProposalError: a.proposals: '
    'a box is not finite\n'
)


RAISED = {
    'full disk': (OSError(errno.ENOSPC, 'No space left', 'lq/a.jpg'), "No space left: 'lq/a.jpg'"),
    'forbidden': (PermissionError(errno.EACCES, 'Permission denied', '/x'), "denied: '/x'"),
    'no host': (URLError('Name or service not known'), 'Name or service not known'),
    'value': (ValueError('what is wrong'), 'what is wrong'),
    'registry': (KeyError('Nope is not in the mmtrack::model registry'), 'Nope is not in the'),
    'recursion': (RecursionError('maximum depth'), 'nested too deeply'),
    'memory': (MemoryError(), 'the memory of this machine is not enough'),
    'a worker': (ProposalError(CAUGHT), 'a.proposals: a box is not finite'),
    'our fault': (KeyError('key'), r"there is no 'key' \(at .*test_user_errors\.py:\d+; VSD_"),
    'nothing said': (AssertionError(), r'AssertionError \(at '),
}  # fmt: skip


@pytest.mark.parametrize('kind', RAISED)
def test_errors_become_a_line(kind, capsys):
    error, message = RAISED[kind]

    @one_line_errors('tool')
    def main(args=None):
        raise error

    assert main() == 1
    assert_line(capsys.readouterr().err, 'tool', message)


def test_traceback_on_request(monkeypatch, capsys):
    @one_line_errors('tool')
    def main(args=None):
        raise ValueError('x')

    monkeypatch.setenv('VSD_MOT_TRACEBACK', '1')
    assert main() == 1
    assert 'Traceback' in capsys.readouterr().err


def test_a_progress_bar_does_not_share_the_line_of_an_error(capsys):
    @one_line_errors('tool')
    def main(args=None):
        for _ in tqdm(range(3), desc='frames'):
            raise ValueError('what is wrong')

    assert main() == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == 'tool: what is wrong'
    assert lines[-2].startswith('frames')
