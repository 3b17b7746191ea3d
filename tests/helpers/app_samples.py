"""The app with a tracker whose answers are known."""

import socket
from pathlib import Path

import numpy as np

from bright_box_tracker import moving_boxes, write_config
from source_samples import write_video
from vsd_mot.apis import Tracker, init_tracker
from vsd_mot.app.model_choice import ModelChoice


def bright_tracker(folder: Path, delay: float = 0.0) -> Tracker:
    """Finds the bright boxes; each frame takes `delay` seconds."""
    return init_tracker(write_config(folder), device='cpu', cfg_options={'model.delay': delay})


def bright_models(folder: Path, delay: float = 0.0) -> ModelChoice:
    return ModelChoice({'bright boxes': lambda: bright_tracker(folder, delay)})


def bright_video(path: Path, length: int = 12) -> Path:
    """Two boxes, 15 and 25, in every frame."""
    return write_video(path, moving_boxes(length))


def one_box_video(path: Path, length: int = 12) -> Path:
    """One box, 20, that stands."""
    frame = np.full((96, 128, 3), 20, np.uint8)
    frame[20:60, 30:60] = 200
    frames = [frame.copy() for _ in range(length)]
    for index, one in enumerate(frames):
        one[80:90, 5 + index] = 60  # too dark for a box; no two frames are the same
    return write_video(path, frames)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]
