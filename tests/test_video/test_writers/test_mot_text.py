"""MOTChallenge text."""

import os
import resource

import numpy as np
import pytest

from result_samples import results
from vsd_mot.errors import OutputError
from vsd_mot.video.writers import MotTextWriter


def test_mot_text(tmp_path):
    with MotTextWriter(tmp_path / 'a.txt') as writer:
        for result in results():
            writer.write(result, None)
        assert not (tmp_path / 'a.txt').exists()
    table = np.loadtxt(tmp_path / 'a.txt', delimiter=',')
    assert table.shape == (24, 10)
    assert table[:, 0].tolist() == [frame for frame in range(1, 13) for _ in range(2)]
    assert table[0].tolist() == [1, 15, 8.25, 16.25, 24, 24, 0.75, -1, -1, -1]
    assert os.listdir(tmp_path) == ['a.txt']


def test_text_that_hits_a_limit_ends_with_a_whole_line(tmp_path):
    """A real limit of the system, and a write that it cuts short."""
    path = tmp_path / 'a.txt'
    writer = MotTextWriter(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        for result in results(9):
            writer.write(result, None)
        with pytest.raises(OutputError, match=r'a\.txt could not be written: the file would be'):
            list(map(writer.write, results(40)[9:], [None] * 31))
        writer.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    table = np.loadtxt(path, delimiter=',')
    assert table.shape[1] == 10
    assert table.shape[0] % 2 == 0
    assert 900 < path.stat().st_size <= 1000
