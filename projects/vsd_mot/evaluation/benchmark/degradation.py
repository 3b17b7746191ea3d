"""Time of the degradation beside that of its straightforward torch form."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from skimage import data

from ...degradation import VideoDegradation
from .plain_degradation import degrade_plainly


@dataclass(frozen=True)
class DegradationTimes:
    """What was measured.

    Attributes:
        size: (width, height) of the frames.
        cores: Cores that both may use.
        frames: Frames that were degraded, each by a camera of its own.
        reference_seconds: Seconds a frame takes in the straightforward form, on all cores.
        ours_seconds: Seconds a frame takes, one on each core.
        ours_with_file_seconds: The same with the JPEG file that is stored.
        speedup: How many times as fast ours is.
        largest_psnr_gap_db: How far the strength of both degradations differs, at the most.
    """

    size: tuple[int, int]
    cores: int
    frames: int
    reference_seconds: float
    ours_seconds: float
    ours_with_file_seconds: float
    speedup: float
    largest_psnr_gap_db: float


def compare_degradation(size: tuple[int, int], videos: int, cores: int) -> DegradationTimes:
    """Degrade one frame of each of some cameras in both forms, by the same parameters.

    Args:
        size: (width, height) of the frames.
        videos: Number of cameras; more take longer and steady the times.
        cores: Cores to use.
    """
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    image = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)
    cameras = [VideoDegradation(f'video {number}') for number in range(videos)]

    # Ours works on one frame per core, as make_lq does; OpenCV releases Python's lock.
    cv2.setNumThreads(1)
    cameras[0](image, 0)  # fill the tables
    ours = seconds_per_frame(lambda i: cameras[i](image, 1), videos, cores)
    stored = seconds_per_frame(lambda i: cameras[i].to_jpeg(image, 1), videos, cores)
    # The reference uses all cores for one frame.
    torch.set_num_threads(cores)
    degrade_plainly(image, cameras[0].params(1))
    plain = seconds_per_frame(lambda i: degrade_plainly(image, cameras[i].params(1)), videos, 1)

    gaps = [
        psnr(image, camera(image, 1)) - psnr(image, degrade_plainly(image, camera.params(1)))
        for camera in cameras[:5]
    ]
    return DegradationTimes(
        size=size,
        cores=cores,
        frames=videos,
        reference_seconds=round(plain, 4),
        ours_seconds=round(ours, 4),
        ours_with_file_seconds=round(stored, 4),
        speedup=round(plain / ours, 1),
        largest_psnr_gap_db=round(max(map(abs, gaps)), 2),
    )


def seconds_per_frame(work: Callable[[int], object], frames: int, threads: int) -> float:
    """Time ``work(number)`` over all frames, in that many threads; returns seconds per frame."""
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(frames)))
    return (time.perf_counter() - start) / frames


def psnr(image: np.ndarray, other: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB; high where two images are alike."""
    return float(10 * np.log10(255**2 / np.mean((image.astype(float) - other) ** 2)))
