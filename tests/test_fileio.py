"""Whenever a writer is killed or fails, a whole file is there."""

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from vsd_mot.fileio import replacing, write_atomically


def test_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / 'epoch_1.pth'
    contents = [bytes([letter]) * 4_000_000 for letter in b'ab']
    write_atomically(path, contents[0])
    seen = set()
    for attempt in range(12):
        child = os.fork()
        if not child:
            while True:
                write_atomically(path, contents[1])
                write_atomically(path, contents[0])
        time.sleep(0.005 * attempt)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        content = path.read_bytes()
        assert content in contents
        seen.add(content[:1])
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()
    assert seen <= {b'a', b'b'}


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / 'folder' / 'last_checkpoint'
    write_atomically(path, 'old')
    with pytest.raises(OSError, match='No space'), replacing(path) as partial:
        _fill_the_disk(partial)
    assert path.read_bytes() == b'old'
    assert os.listdir(path.parent) == ['last_checkpoint']


def _fill_the_disk(partial: Path) -> None:
    partial.write_bytes(b'ne')
    raise OSError(errno.ENOSPC, 'No space left on device')


def test_a_block_that_writes_nothing_is_an_error_and_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / 'weights.pth'
    write_atomically(path, b'old')
    with pytest.raises(FileNotFoundError), replacing(path):
        pass
    assert path.read_bytes() == b'old'
