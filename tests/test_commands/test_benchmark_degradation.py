"""The degradation's benchmark: its reference does the same thing."""

import json

import cv2
import numpy as np
import pytest
from skimage import data

from vsd_mot.commands.benchmark_degradation import main, psnr, reference
from vsd_mot.degradation import VideoDegradation


def test_the_reference_degrades_as_the_library_does():
    image = cv2.resize(data.astronaut()[..., ::-1], (160, 128), interpolation=cv2.INTER_AREA)
    gaps = []
    for number in range(12):
        camera = VideoDegradation(f'video {number}')
        slow = reference(image, camera.params(0))
        assert slow.shape == image.shape
        assert slow.dtype == np.uint8
        gaps.append(psnr(image, slow) - psnr(image, camera(image, 0)))
    assert np.abs(gaps).max() < 2
    assert np.mean(gaps) == pytest.approx(0, abs=0.4)


def test_the_command_reports_both_times(capsys):
    threads = cv2.getNumThreads()
    main(['--size', '96', '64', '--videos', '5', '--cores', '1'])
    cv2.setNumThreads(threads)
    text, line = capsys.readouterr().out.strip().splitlines()
    result = json.loads(line)
    assert result['size'] == [96, 64]
    assert result['reference_seconds'] > 0
    assert result['speedup'] == pytest.approx(
        result['reference_seconds'] / result['ours_seconds'], rel=0.2
    )
    assert 'times as fast' in text
