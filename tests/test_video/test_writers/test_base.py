"""A file has its name when it is whole."""

import errno
import os

import pytest

from vsd_mot.errors import OutputError
from vsd_mot.video.writers.base import ResultWriter, write_error


class Lines(ResultWriter):
    """Writes a line a frame; ``fault`` is raised on completing the file."""

    def __init__(self, path, fault=None):
        self.fault, self.lines = fault, 0
        super().__init__(path)

    def _open(self):
        self.file = self.partial.open('x')

    def _write(self, result, picture):
        if result is None:
            raise OSError(errno.ENOSPC, 'No space left')
        self.file.write(f'{result}\n')
        self.lines += 1

    def _finish(self):
        self.file.close()
        return self.lines > 0

    def _check(self):
        if self.fault:
            raise self.fault


def test_a_file_appears_on_closing(tmp_path):
    with Lines(tmp_path / 'new' / 'a.txt') as writer:
        writer.write('one', None)
        assert os.listdir(tmp_path / 'new') == [writer.partial.name]
    assert (tmp_path / 'new' / 'a.txt').read_text() == 'one\n'
    assert os.listdir(tmp_path / 'new') == ['a.txt']
    assert writer.close() == tmp_path / 'new' / 'a.txt'


def test_without_frames_there_is_no_file(tmp_path):
    assert Lines(tmp_path / 'a.txt').close() is None
    assert os.listdir(tmp_path) == []


def test_discarding_leaves_nothing(tmp_path):
    writer = Lines(tmp_path / 'a.txt', OSError('late'))
    writer.write('one', None)
    writer.discard()
    assert os.listdir(tmp_path) == []


def test_errors_name_the_file_and_keep_what_is_valid(tmp_path):
    writer = Lines(tmp_path / 'a.txt', OSError('noticed late'))
    writer.write('one', None)
    with pytest.raises(OutputError, match=r'a\.txt could not be written: the disk is full'):
        writer.write(None, None)
    with pytest.raises(OutputError, match='noticed late'):
        writer.close()
    assert writer.kept
    assert (tmp_path / 'a.txt').read_text() == 'one\n'
    (tmp_path / 'file').write_text('')
    with pytest.raises(OutputError, match='could not be written'):
        Lines(tmp_path / 'file' / 'a.txt')


def test_reasons_in_words(tmp_path):
    error = write_error(tmp_path / 'a', OSError(errno.EFBIG, 'File too large'))
    assert 'larger than this system allows' in str(error)
    assert 'Permission' in str(write_error(tmp_path, OSError(errno.EACCES, 'Permission denied')))
