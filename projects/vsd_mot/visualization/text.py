"""Smooth text on pictures. OpenCV's own fonts are stroked lines without antialiased shapes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .palette import Colour

# Comes with matplotlib, so that pictures look the same on every machine.
_FONTS = Path(matplotlib.get_data_path()) / 'fonts' / 'ttf'


def plain(name: str) -> str:
    """Return a name as matplotlib shows it, in which it would take `$` for a formula."""
    return name.replace('$', r'\$')


@lru_cache(maxsize=64)
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / ('DejaVuSans-Bold.ttf' if bold else 'DejaVuSans.ttf'), size)


@lru_cache(maxsize=4096)
def text_mask(text: str, size: int, *, bold: bool = False) -> np.ndarray:
    """Coverage of a text: (h, w) float32 in [0, 1]; h depends on the size alone.

    Args:
        text: One line.
        size: Font size in pixels.
        bold: Whether to use the bold face.
    """
    font = _font(size, bold=bold)
    ascent, descent = font.getmetrics()
    width = max(1, int(np.ceil(font.getlength(text))))
    canvas = Image.new('L', (width, ascent + descent), 0)
    ImageDraw.Draw(canvas).text((0, 0), text, fill=255, font=font)
    return np.asarray(canvas, np.float32) / 255.0


def text_size(text: str, size: int, *, bold: bool = False) -> tuple[int, int]:
    """(width, height) of a text in pixels."""
    height, width = text_mask(text, size, bold=bold).shape
    return width, height


def draw_text(
    image: np.ndarray,
    text: str,
    position: tuple[int, int],
    *,
    size: int,
    colour: Colour,
    bold: bool = False,
) -> None:
    """Write a text into a picture; what lies outside is cut off.

    Args:
        image: (H, W, 3) uint8 BGR, changed in place.
        text: One line.
        position: (x, y) of its upper left corner.
        size: Font size in pixels.
        colour: BGR.
        bold: Whether to use the bold face.
    """
    mask = text_mask(text, size, bold=bold)
    x, y = position
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + mask.shape[1], image.shape[1]), min(y + mask.shape[0], image.shape[0])
    if left >= right or top >= bottom:
        return
    cover = mask[top - y : bottom - y, left - x : right - x, None]
    region = image[top:bottom, left:right]
    region[:] = (region * (1 - cover) + np.asarray(colour, np.float32) * cover + 0.5).astype(
        np.uint8
    )
