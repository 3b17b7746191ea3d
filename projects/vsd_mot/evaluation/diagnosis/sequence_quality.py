"""Quality of every frame of a sequence."""

from __future__ import annotations

from pathlib import Path

import mmcv
import torch

from ...models.frames import FrameBatch
from ...models.semantics.frame_quality import FrameQuality
from ..mot_files import EvaluationError


@torch.no_grad()
def frame_qualities(sequence: Path) -> dict[int, float]:
    """Look at the images of a sequence in MOTChallenge layout.

    Args:
        sequence: Folder with ``img1/``, whose files are named by the numbers of the frames.

    Returns:
        Quality in [0, 1] by the number of the frame.

    Raises:
        EvaluationError: There are no images.
    """
    files = sorted((sequence / 'img1').glob('*.*'))
    if not files:
        raise EvaluationError(f'no images in {sequence / "img1"}: --quality needs them')
    measure, qualities = FrameQuality(), {}
    for file in files:
        image = torch.from_numpy(mmcv.imread(file, channel_order='rgb').copy())
        raw = image.permute(2, 0, 1)[None]
        height, width = raw.shape[-2:]
        frames = FrameBatch(raw.float(), raw, [(height, width)])
        qualities[int(file.stem)] = float(measure(frames)[0].quality)
    return qualities
