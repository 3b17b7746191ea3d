"""Whenever a writer is killed or fails, a whole file is there."""

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from hostile_files import write
from vsd_mot.fileio import open_new, replacing, safe_name, temporary_beside, write_atomically


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


@pytest.mark.parametrize('name', ['MOTRv2', 'street 03', '街' * 77, 'lot_$3_to_$5_^', '-x', "a'b"])
def test_names_that_are_only_names(tmp_path, name):
    assert safe_name(name) == name
    for suffix in ('_tracked.mp4', '.txt'):
        path = tmp_path / f'{name}{suffix}'
        for temporary in (temporary_beside(path), temporary_beside(path, '.partial')):
            open_new(temporary).close()
            assert temporary.parent == tmp_path
        write_atomically(path, 'whole')


def test_temporaries_are_new_and_unlike_each_other(tmp_path):
    path = tmp_path / 'a.txt'
    assert len({temporary_beside(path) for _ in range(100)}) == 100
    with replacing(path) as one, replacing(path) as two:
        one.write_text('one')
        two.write_text('two')
        assert one != two
    assert path.read_text() == 'one'
    assert os.listdir(tmp_path) == ['a.txt']


def test_links_are_replaced_not_followed(tmp_path):
    precious = write(tmp_path / 'precious', 'precious')
    link = tmp_path / 'link.txt'
    link.symlink_to(precious)
    with open_new(link) as file:
        file.write(b'results')
    assert not link.is_symlink()
    assert link.read_bytes() == b'results'
    (tmp_path / 'other.txt').symlink_to(precious)
    write_atomically(tmp_path / 'other.txt', 'results')
    assert precious.read_bytes() == b'precious'
