"""Qualities of the frames of a sequence."""

import cv2
import pytest

from vsd_mot.evaluation import EvaluationError
from vsd_mot.evaluation.diagnosis.sequence_quality import frame_qualities
from vsd_samples import photograph


def test_a_blurred_frame_is_worse_and_frames_have_the_numbers_of_their_files(tmp_path):
    folder = tmp_path / 'img1'
    folder.mkdir()
    sharp = cv2.resize(photograph('astronaut.png'), (160, 160), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / '000003.png'), sharp)
    cv2.imwrite(str(folder / '000007.png'), cv2.GaussianBlur(sharp, (0, 0), 3))
    qualities = frame_qualities(tmp_path)
    assert list(qualities) == [3, 7]
    assert 0 <= qualities[7] < qualities[3] <= 1


def test_a_sequence_without_images_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match=r'no images in .*img1'):
        frame_qualities(tmp_path)
