"""Whether a video file has all the bytes that its own structure speaks of.

Half a download, or the rest of a full disk, still opens and plays, and FFmpeg takes the end of the
file for the end of the video. The outermost sizes of a container say how long the file should be.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# Boxes that lie outermost in MP4 and MOV files; what else follows is an appendix, and no box.
_BOXES = (
    b'ftyp styp moov mdat moof mfra sidx ssix free skip wide uuid meta pdin emsg prft udta'.split()
)
_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_UNKNOWN = (0, 0xFFFFFFFF)  # what an AVI that was never finished has for a size


def missing_bytes(path: str | Path) -> int:
    """Return how many bytes a video file lacks at its end.

    MP4 and MOV, Matroska and WebM, AVI and GIF are understood.

    Args:
        path: The file.

    Returns:
        0 where it is whole, or its container does not say how long it should be.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, 'rb') as file:
        size = file.seek(0, 2)
        file.seek(0)
        begin = file.read(12)
        if begin[4:8] in _BOXES:
            ends = _box_ends(file, size)
        elif begin[:4] == _EBML.to_bytes(4, 'big'):
            ends = _segment_ends(file, size)
        elif begin[:4] == b'RIFF':
            ends = _riff_ends(file, size)
        elif begin[:4] == b'GIF8':
            file.seek(max(0, size - 64))
            ends = iter([size if b';' in file.read() else size + 1])
        else:
            return 0
        return max([0, *(end - size for end in ends)])


def joined_videos(path: str | Path) -> int:
    """Count the videos that were joined to one MP4 or MOV file by copying its bytes.

    FFmpeg and players show the first alone.

    Args:
        path: The file.

    Returns:
        How many there are; 1 in other containers.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, 'rb') as file:
        size = file.seek(0, 2)
        begins = [0, *_box_ends(file, size)]
        kinds = []
        for begin in begins:
            file.seek(begin + 4)
            kinds.append(file.read(4))
    return max(1, kinds.count(b'moov'))


def _box_ends(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield where each outermost box of an MP4 ends."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        length, kind = struct.unpack('>I4s', file.read(8))
        if kind not in _BOXES:
            return
        if length == 1:
            length = int.from_bytes(file.read(8), 'big')
        if length < 8:  # 0: up to the end of the file, whatever that is
            return
        position += length
        yield position


def _segment_ends(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield where the segments of a Matroska file end."""
    position = 0
    while position < size:
        file.seek(position)
        element, _ = _variable(file, keep_marker=True)
        length, unknown = _variable(file)
        if element not in (_EBML, _SEGMENT) or unknown:
            return
        position = file.tell() + length
        yield position


def _variable(file: BinaryIO, *, keep_marker: bool = False) -> tuple[int, bool]:
    """Read EBML's number of variable length; also whether it stands for an unknown one."""
    first = file.read(1)
    if not first or not first[0]:
        return 0, True
    width = 9 - first[0].bit_length()
    number = int.from_bytes(first + file.read(width - 1), 'big')
    if keep_marker:
        return number, False
    largest = (1 << 7 * width) - 1
    return number & largest, number & largest == largest


def _riff_ends(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield where the RIFF chunks of an AVI end (it has several above 2 GB)."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        kind, length = struct.unpack('<4sI', file.read(8))
        if kind != b'RIFF' or length in _UNKNOWN:
            return
        position += 8 + length
        yield position
