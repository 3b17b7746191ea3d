"""Boxes as shares of the picture, for formats that want them so."""

from __future__ import annotations

from pathlib import Path

from ...errors import OutputError

Corners = tuple[float, float, float, float]


def relative_box(box: Corners, size: tuple[int, int] | None, path: Path) -> Corners | None:
    """Clip a box to the picture and divide it by the picture's size.

    Args:
        box: (x_min, y_min, x_max, y_max) in pixels.
        size: (width, height) of the picture in pixels.
        path: What is written, for the message.

    Returns:
        (x_min, y_min, width, height) in [0, 1]; None where the box is outside of the picture.

    Raises:
        OutputError: The size of the picture is not known.
    """
    if size is None:
        raise OutputError(
            f'{path}: its boxes are shares of the picture, and frames come without '
            'a picture and size'
        )
    width, height = size
    left, top = max(0.0, box[0] / width), max(0.0, box[1] / height)
    right, bottom = min(1.0, box[2] / width), min(1.0, box[3] / height)
    if right <= left or bottom <= top:
        return None
    return left, top, right - left, bottom - top


def outside_remark(path: Path, count: int) -> str | None:
    """Say how many boxes were left out, None where there were none."""
    return f'{path.name}: {count} boxes outside of the picture are left out' if count else None
