"""A video of which every frame can be told by its grey, and tracks on it."""

import numpy as np

from vsd_mot.video.sources import ArraySource, FrameSource
from vsd_mot.video.writers import PageClipWriter
from vsd_mot.visualization.pages import PageClip

FRAMES = 20
SIZE = (96, 160)  # height, width
GREY_STEP = 12


def grey_of(frame: int) -> int:
    return 10 + GREY_STEP * frame


def grey_source(frames: int = FRAMES, fps: float = 10.0) -> FrameSource:
    pictures = [np.full((*SIZE, 3), grey_of(frame % FRAMES), np.uint8) for frame in range(frames)]
    source = ArraySource(pictures, fps)
    source.name = 'greys'
    return source


def grey_clip(damage: dict[int, str] | None = None) -> PageClip:
    """Frames of 0.1 s, but the tenth, which lasts 0.5 s."""
    source = grey_source()
    writer = PageClipWriter(source)
    for frame in source:
        time = frame.index / 10 + 0.4 * (frame.index > 9)
        writer.add(
            frame.image, time=time, number=frame.index + 1, damage=(damage or {}).get(frame.index)
        )
    return writer.finish()


def mot_rows(*tracks: tuple[int, float, range]) -> str:
    """MOTChallenge text of boxes 20 x 40 that stand still: identity, x, numbers of the frames."""
    return ''.join(
        f'{frame},{identity},{x},30,20,40,1,1,1\n'
        for identity, x, frames in tracks
        for frame in frames
    )
