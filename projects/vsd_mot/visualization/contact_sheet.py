"""Contact sheets: many frames in one picture, in labelled rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .drawing import panel
from .text import draw_text, text_size

_GROUND = 24
_GAP = 4
_TEXT = 13


@dataclass
class SheetRow:
    """A row of a sheet.

    Args:
        label: Written above the row.
        images: (H, W, 3) uint8 BGR, of any sizes.
        captions: One for each image; may be empty.
    """

    label: str
    images: Sequence[np.ndarray]
    captions: Sequence[str] = ()


def contact_sheet(rows: Sequence[SheetRow], width: int = 1600) -> np.ndarray:
    """Arrange rows of images below each other.

    Args:
        rows: At least one with an image; images of a row get one size, that
            of its first one's proportions.
        width: Width of the sheet in pixels.

    Returns:
        The sheet, uint8 BGR.

    Raises:
        ValueError: If there are no images.
    """
    columns = max((len(row.images) for row in rows), default=0)
    if columns == 0:
        raise ValueError('a contact sheet needs at least one image')
    cell = (width - _GAP * (columns + 1)) // columns
    stripes = [_stripe(row, cell, width) for row in rows if row.images]
    return np.concatenate([*stripes, np.full((_GAP, width, 3), _GROUND, np.uint8)])


def _stripe(row: SheetRow, cell: int, width: int) -> np.ndarray:
    """One row with its label, (height, width, 3)."""
    height = max(1, round(cell * row.images[0].shape[0] / row.images[0].shape[1]))
    head = text_size(row.label, _TEXT)[1] + 2 * _GAP if row.label else _GAP
    stripe = np.full((head + height, width, 3), _GROUND, np.uint8)
    if row.label:
        draw_text(stripe, row.label, (_GAP + 2, _GAP), size=_TEXT, colour=(235, 235, 235))
    for column, image in enumerate(row.images):
        shrinks = image.shape[1] > cell
        filters = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        small = cv2.resize(image, (cell, height), interpolation=filters)
        if column < len(row.captions):
            _caption(small, row.captions[column])
        left = _GAP + column * (cell + _GAP)
        stripe[head:, left : left + cell] = small
    return stripe


def _caption(image: np.ndarray, text: str) -> None:
    """Write a caption into the upper left corner, in place."""
    size = max(10, min(_TEXT, image.shape[0] // 9))
    wide, high = text_size(text, size)
    panel(image, (3, 3), (wide + 8, high + 6))
    draw_text(image, text, (7, 6), size=size, colour=(255, 255, 255))
