"""A file of whole records, also after a write that failed."""

import errno

import pytest

from vsd_mot.video.writers.records import RecordFile


class Full:
    """A file on a disk that has room for so many more bytes."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def write(self, data):
        if not self.room:
            raise OSError(errno.ENOSPC, 'No space left')
        count = self.file.write(data[: self.room])
        self.room -= count
        return count

    def __getattr__(self, name):
        return getattr(self.file, name)


def test_records_are_on_the_disk_at_once(tmp_path):
    records = RecordFile(tmp_path / 'a')
    records.append('one\n')
    records.append('zwölf\n')
    assert (tmp_path / 'a').read_text() == 'one\nzwölf\n'
    records.close()
    records.close()


def test_a_record_that_does_not_fit_is_taken_back(tmp_path):
    records = RecordFile(tmp_path / 'a')
    records.append('one\n')
    disk = records._file = Full(records._file, room=3)
    with pytest.raises(OSError, match='No space left'):
        records.append('three\n')
    assert (tmp_path / 'a').read_text() == 'one\n'
    disk.room = 100
    records.append('four\n')
    records.close()
    assert (tmp_path / 'a').read_text() == 'one\nfour\n'
