"""A video without a fault, in memory."""

import cv2
import numpy as np
from skimage import data

from vsd_mot.evaluation.video_diagnosis.known_faults import ReadFrames
from vsd_mot.video.sources import Frame

FPS = 30.0


def walk_past_a_photograph(length: int = 45) -> list[Frame]:
    """Return frames in which somebody walks in front of a photograph."""
    photograph = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[:400]
    rng = np.random.default_rng(0)
    made = []
    for number in range(length):
        image = photograph.copy()
        image[150:300, 20 + 5 * number : 70 + 5 * number] = (60, 140, 40)
        noise = rng.normal(0, 1.0, image.shape)
        image = (image + noise).clip(0, 255).astype(np.uint8)
        made.append(Frame(number, image, time=number / FPS))
    return made


def source_of(frames: list[Frame]) -> ReadFrames:
    """Return frames as a source."""
    return ReadFrames(frames, FPS, 'video')


def small_photograph() -> np.ndarray:
    """A part of a photograph, (300, 384, 3) BGR: another size than those of the fit."""
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.resize(image[:400], (384, 300), interpolation=cv2.INTER_AREA)
