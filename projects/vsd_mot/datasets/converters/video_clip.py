"""From a sequence in MOTChallenge layout to a video with ground truth."""

from __future__ import annotations

from pathlib import Path

from ...errors import SourceError
from ...fileio import write_atomically
from ...video import open_source
from ...video.writers import VideoWriter


def pack_clip(sequence: Path, folder: Path, frames: int | None = None) -> int:
    """Make a video and its ground truth from a sequence in MOTChallenge layout.

    Args:
        sequence: Folder with `img1/`, `gt/gt.txt` and `seqinfo.ini`.
        folder: Gets `clip.mp4`, `gt/gt.txt` and `seqinfo.ini`.
        frames: Take the first ones only; None takes all. Fewer make a shorter, smaller clip.

    Returns:
        Number of frames in the video.

    Raises:
        SourceError: The sequence has no frames, or one that cannot be read.
        OSError: Its ground truth cannot be read, or the folder not be written.
    """
    source = open_source(sequence)
    if not source.length:
        raise SourceError(f'{sequence} has no frames to be packed')
    ground_truth = (sequence / 'gt' / 'gt.txt').read_text().splitlines()
    length = min(source.length, frames or source.length)
    (folder / 'gt').mkdir(parents=True, exist_ok=True)
    positions: dict[int, int] = {}
    with VideoWriter(folder / 'clip.mp4', source.fps, quality=16) as writer:
        for frame in source:
            if frame.index == length:
                break
            if frame.image is None:
                raise SourceError(f'{frame.name} of {sequence} cannot be read: {frame.fault}')
            height, width = frame.image.shape[:2]
            positions[frame.number or frame.index + 1] = frame.index + 1
            writer.add(frame.image, frame.time)
    # A video numbers its frames by their positions.
    rows = [line.split(',', 1) for line in ground_truth if line.strip()]
    kept = [
        f'{positions[int(number)]},{rest}\n' for number, rest in rows if int(number) in positions
    ]
    write_atomically(folder / 'gt' / 'gt.txt', ''.join(kept))
    write_atomically(
        folder / 'seqinfo.ini',
        f'[Sequence]\nname={source.name}\nframeRate={source.fps:g}\nseqLength={length}\n'
        f'imWidth={width}\nimHeight={height}\n',
    )
    return length
