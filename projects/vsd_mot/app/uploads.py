"""Videos that visitors upload: what they may take of this machine, and how they are opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import SourceError
from ..video.video_source import VideoSource

VIDEO_SUFFIXES = (
    *('.mp4', '.mov', '.m4v', '.mkv', '.webm', '.avi', '.ts', '.mts', '.mpg', '.mpeg'),
    *('.flv', '.wmv', '.3gp', '.ogv', '.mxf', '.h264', '.h265'),
)


@dataclass(frozen=True)
class Limits:
    """What an uploaded video may take of this machine.

    Attributes:
        megabytes: A larger file is refused while it is being uploaded.
        frames: Only so many are tracked. Raising it lets one visitor keep the others waiting.
        pixels: Of a frame. Raising it takes memory: some forty frames are held at once.
    """

    megabytes: int = 200
    frames: int = 3000
    pixels: int = 4096 * 2304


def open_upload(path: Path, limits: Limits, *, fps: float | None = None) -> VideoSource:
    """Open an uploaded file as a video.

    Args:
        path: The file. Its folder is named neither in messages nor in results.
        limits: What is allowed.
        fps: Frames per second in place of what the file says; None believes the file.

    Returns:
        The source, to be closed after use. A frame that is larger than the first ones said they
        would be, and larger than allowed, is not decoded but unreadable.

    Raises:
        SourceError: It is no video, or its frames are too large.
    """
    try:
        source = VideoSource(path)
    except SourceError as error:
        raise SourceError(str(error).replace(str(path), path.name)) from error
    try:
        source.label = path.name
        source.note = source.note and source.note.replace(str(path), path.name)
        width, height = source.stream.width, source.stream.height
        if width * height > limits.pixels:
            raise SourceError(
                f'the frames of {path.name} have {width} x {height} pixels; at most '
                f'{limits.pixels / 1e6:.1f} million pixels are taken here: make it smaller'
            )
        source.stream.codec_context.options = {'max_pixels': str(limits.pixels)}
        if fps is not None:
            source.supply_rate(fps)
    except SourceError:
        source.close()
        raise
    return source
