"""Quality of every frame of a sequence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ...images import read_image
from ...models.frames import FrameBatch
from ...models.semantics.frame_quality import FrameQuality
from ...mot_layout import image_folder, numbered_images
from ..mot_files import EvaluationError


@torch.no_grad()
def frame_qualities(sequence: Path) -> dict[int, float]:
    """Look at the images of a sequence in MOTChallenge layout.

    Args:
        sequence: Its folder; the images are named by the numbers of the frames.

    Returns:
        Quality in [0, 1] by the number of the frame.

    Raises:
        EvaluationError: There are no images.
        ImageError: One cannot be read.
    """
    folder = image_folder(sequence)
    images = numbered_images(folder)
    if not images:
        raise EvaluationError(f'no images in {folder}: --quality needs them')
    measure, qualities = FrameQuality(), {}
    for number, file in images.items():
        image = torch.from_numpy(np.ascontiguousarray(read_image(file)[..., ::-1]))
        raw = image.permute(2, 0, 1)[None]
        height, width = raw.shape[-2:]
        frames = FrameBatch(raw.float(), raw, [(height, width)])
        qualities[number] = float(measure(frames)[0].quality)
    return qualities
