"""Which frames a clip has: in training many, at inference overlapping ones that cover a video."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

CLIP_FRAMES = 150


def training_clips(
    frames: Sequence[int], length: int = CLIP_FRAMES, stride: int = 20
) -> list[tuple[int, int]]:
    """List the training clips of a video (LG-MOT's index, SPEC 2.4).

    A clip starts at the first detected frame and then every ``stride`` frames; of the clips that
    end with the same detected frame only the first is kept.

    Args:
        frames: Numbers of the frames that have a detection, ascending, each once.
        length: Frames of a clip, detected or not.
        stride: Least distance between the starts of two clips; raising it gives fewer clips.

    Returns:
        First and last detected frame of each clip. Clips of a single frame are left out.
    """
    clips: list[tuple[int, int]] = []
    last_start = None
    starts, ends = set(), set()
    for first in frames:
        if last_start is not None and first < last_start + stride:
            continue
        inside = frames[bisect_left(frames, first) : bisect_left(frames, first + length)]
        last = inside[-1]
        if len(inside) < 2 or first in starts or last in ends:
            continue
        clips.append((first, last))
        starts.add(first)
        ends.add(last)
        last_start = first
    return clips


def next_clip_start(frames: Sequence[int], overlap: float = 0.5) -> int:
    """Find where the clip after a clip starts.

    Args:
        frames: Detected frames of the clip, ascending.
        overlap: Share of its detected frames that the next clip has, too; half to even. Raising it
            makes more clips, which are joined more surely.

    Returns:
        The number of that frame; the clip's own last frame where the overlap rounds to nothing.
    """
    shared = min(max(1, round(overlap * len(frames))), len(frames))
    return frames[-shared]


def inference_clips(
    frames: Sequence[int], length: int = CLIP_FRAMES, overlap: float = 0.5
) -> list[tuple[int, int]]:
    """List the overlapping clips that cover a video.

    Args:
        frames: Numbers of the frames that have a detection, ascending, each once.
        length: Frames of a clip, detected or not.
        overlap: See :func:`next_clip_start`; raising it costs time and steadies the stitching.

    Returns:
        First and last detected frame of each clip. A clip of one frame is left out.
    """
    clips: list[tuple[int, int]] = []
    if not frames:
        return clips
    first = frames[0]
    starts, ends = set(), set()
    while True:
        inside = frames[bisect_left(frames, first) : bisect_left(frames, first + length)]
        last = inside[-1]
        if len(inside) > 1 and first not in starts and last not in ends:
            clips.append((first, last))
            starts.add(first)
            ends.add(last)
        if last == frames[-1]:
            return clips
        following = next_clip_start(inside, overlap)
        if following <= first:  # no progress: frames too sparse to overlap
            following = frames[bisect_left(frames, first + 1)]
        first = following
