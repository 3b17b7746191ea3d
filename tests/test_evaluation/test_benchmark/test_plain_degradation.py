"""The reference of the degradation's benchmark does the same thing."""

import cv2
import numpy as np
import pytest
from skimage import data

from vsd_mot.degradation import VideoDegradation
from vsd_mot.evaluation.benchmark.degradation import psnr
from vsd_mot.evaluation.benchmark.plain_degradation import degrade_plainly


def test_the_reference_degrades_as_the_library_does():
    image = cv2.resize(data.astronaut()[..., ::-1], (160, 128), interpolation=cv2.INTER_AREA)
    gaps = []
    for number in range(12):
        camera = VideoDegradation(f'video {number}')
        slow = degrade_plainly(image, camera.params(0))
        assert slow.shape == image.shape
        assert slow.dtype == np.uint8
        gaps.append(psnr(image, slow) - psnr(image, camera(image, 0)))
    assert np.abs(gaps).max() < 2
    assert np.mean(gaps) == pytest.approx(0, abs=0.4)
