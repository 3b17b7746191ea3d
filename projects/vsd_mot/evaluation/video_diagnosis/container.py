"""What a video file says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av


@dataclass(frozen=True)
class Container:
    """Of a video file.

    Attributes:
        codec: Its name, such as 'h264'.
        bitrate: Bits per second of the pictures.
        bits_per_pixel: Bits for each pixel of each frame.
        key_frames: Frames from one key frame to the next, on the average.
    """

    codec: str
    bitrate: float
    bits_per_pixel: float
    key_frames: float


def read_container(path: Path | None) -> Container | None:
    """Read codec, bitrate and key frames without decoding; None for what is no video file."""
    if path is None or not path.is_file():
        return None
    try:
        with av.open(str(path.resolve())) as container:
            stream = container.streams.video[0]
            packets = [packet for packet in container.demux(stream) if packet.size]
            context = stream.codec_context
            size = sum(packet.size for packet in packets)
            keys = sum(packet.is_keyframe for packet in packets)
            rate = float(stream.average_rate or stream.guessed_rate or 30)
            pixels = max(1, context.width * context.height)
    except (av.FFmpegError, IndexError, OSError):
        return None
    count = max(1, len(packets))
    bits = 8 * size / count
    return Container(context.name, bits * rate, bits / pixels, count / max(1, keys))
