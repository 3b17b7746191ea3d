"""The comparison of the degradation's two forms."""

import threading
import time

import numpy as np
import pytest

from vsd_mot.evaluation.benchmark.degradation import (
    compare_degradation,
    psnr,
    seconds_per_frame,
)


def test_both_forms_do_the_same_work():
    times = compare_degradation((48, 32), videos=2, cores=1)
    assert (times.size, times.frames, times.cores) == ((48, 32), 2, 1)
    assert min(times.reference_seconds, times.ours_seconds, times.ours_with_file_seconds) > 0
    assert times.largest_psnr_gap_db < 3


def test_frames_run_side_by_side():
    barrier = threading.Barrier(2, timeout=60)  # passes where two run at once
    assert seconds_per_frame(lambda number: barrier.wait(), 4, threads=2) >= 0
    assert seconds_per_frame(lambda number: time.sleep(0.01), 3, threads=1) >= 0.01


def test_decibels():
    image = np.zeros((4, 4, 3), np.uint8)
    assert psnr(image, image + 255) == pytest.approx(0)
    assert psnr(image, image + 1) == pytest.approx(48.13, abs=0.01)
