"""Some of the frames as pictures."""

import os

import cv2
import numpy as np
import pytest

from result_samples import result_of
from vsd_mot.errors import OutputError
from vsd_mot.video.writers.pictures import PictureWriter


def test_every_nth_frame_is_written(tmp_path):
    with PictureWriter(tmp_path / 'p', every=2) as writer:
        for index in range(5):
            writer.write(result_of(index), np.full((20, 30, 3), 40 * index, np.uint8))
    assert sorted(os.listdir(tmp_path / 'p')) == ['000001.jpg', '000003.jpg', '000005.jpg']
    assert abs(cv2.imread(str(tmp_path / 'p' / '000003.jpg')).mean() - 80) < 2
    assert writer.close() == tmp_path / 'p'


def test_what_cannot_be_written_is_said(tmp_path):
    writer = PictureWriter(tmp_path / 'p')
    assert writer.close() is None
    with pytest.raises(OutputError, match='frame 3 has no picture'):
        writer.write(result_of(2), None)
    (tmp_path / 'link').symlink_to(tmp_path / 'p')
    with pytest.raises(OutputError, match='it is a link to'):
        PictureWriter(tmp_path / 'link')
