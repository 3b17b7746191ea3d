"""Frame quality and semantic weight, drawn into a frame: a gauge now, a curve over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .drawing import SUBPIXEL, font_size, panel, rounded_rectangle
from .palette import MUTED, WEIGHT, WHITE, Colour, quality_colour
from .text import draw_text, text_size

EMPTY: Colour = (74, 68, 64)  # the empty part of a gauge
GRID: Colour = (96, 90, 84)
MIN_HEIGHT = 120  # below, text would cover the picture


def draw_gauges(image: np.ndarray, semantics: dict[str, float]) -> None:
    """Draw bars for `quality` and `semantic_weight` into the upper left corner; in place.

    Args:
        image: (H, W, 3) uint8 BGR.
        semantics: Values in [0, 1]; what is missing is not drawn.
    """
    rows = []
    if 'quality' in semantics:
        rows.append(('quality', semantics['quality'], quality_colour(semantics['quality'])))
    if 'semantic_weight' in semantics:
        rows.append(('semantic weight', semantics['semantic_weight'], WEIGHT))
    if not rows or image.shape[0] < MIN_HEIGHT:
        return
    size = font_size(image)
    pad = max(4, round(size * 0.6))
    label = max(text_size(name, size)[0] for name, _, _ in rows)
    number, row = text_size('0.00', size, bold=True)
    bar = round(size * 6.5)
    width = label + bar + number + 4 * pad
    height = len(rows) * row + (len(rows) + 1) * pad
    panel(image, (pad, pad), (width, height))
    for row_index, (name, value, colour) in enumerate(rows):
        y = 2 * pad + row_index * (row + pad)
        draw_text(image, name, (2 * pad, y), size=size, colour=WHITE)
        x, middle, half = 3 * pad + label, y + row // 2, max(2, round(size * 0.26))
        corner, opposite = (x, middle - half), (x + bar, middle + half)
        rounded_rectangle(image, corner, opposite, radius=half, colour=EMPTY)
        filled = round(bar * min(max(value, 0.0), 1.0))
        if filled > 2 * half:
            opposite = (x + filled, middle + half)
            rounded_rectangle(image, corner, opposite, radius=half, colour=colour)
        else:
            cv2.circle(image, (x + half, middle), half, colour, -1, cv2.LINE_AA)
        position = (x + bar + pad, y)
        draw_text(image, f'{value:.2f}', position, size=size, colour=WHITE, bold=True)


def draw_strip(
    image: np.ndarray,
    *,
    quality: Sequence[float | None],
    weight: Sequence[float | None],
    span: int,
) -> None:
    """Draw the recent course of quality and weight along the lower edge; in place.

    Args:
        image: (H, W, 3) uint8 BGR.
        quality: Values of the latest frames, the oldest first; None where there is none.
        weight: The same for the semantic weight, as long as `quality`.
        span: Number of frames that the full width stands for. Raising it shows a longer, denser
            history.
    """
    if image.shape[0] < MIN_HEIGHT or (_is_empty(quality) and _is_empty(weight)):
        return
    size = max(9, round(font_size(image) * 0.85))
    pad = max(4, round(size * 0.6))
    height = max(34, round(image.shape[0] * 0.11))
    x, y = pad, image.shape[0] - height - pad
    panel(image, (x, y), (image.shape[1] - 2 * pad, height), opacity=0.62)

    names = [
        (name, colour)
        for name, values, colour in (
            ('quality', quality, quality_colour(_latest(quality))),
            ('semantic weight', weight, WEIGHT),
        )
        if not _is_empty(values)
    ]
    legend = max(text_size(name, size)[0] for name, _ in names) + 3 * pad
    plot = _Plot(x + pad, y + pad, image.shape[1] - 2 * pad - legend, y + height - pad, span)
    left, top, right, bottom = plot.left, plot.top, plot.right, plot.bottom
    if right - left < 40:
        return
    for level, text in ((0.0, '0'), (1.0, '1')):
        line_y = round(bottom - level * (bottom - top))
        cv2.line(image, (left, line_y), (right, line_y), GRID, 1)
        position = (right + 3, line_y - size // 2 - 2)
        draw_text(image, text, position, size=max(8, size - 2), colour=MUTED)
    dashed = (top + bottom) // 2
    for start in range(left, right, 12):
        cv2.line(image, (start, dashed), (min(start + 4, right), dashed), GRID, 1)

    thickness = max(1, round(image.shape[0] / 420))
    _curve(image, weight, plot, colour_of_value=lambda _: WEIGHT, thickness=thickness)
    _curve(image, quality, plot, colour_of_value=quality_colour, thickness=thickness)
    text_x = right + 2 * pad + 3
    for index, (name, colour) in enumerate(names):
        text_y = y + round((index + 0.5) * height / len(names)) - size // 2 - 2
        dot = (text_x, text_y + size // 2 + 2)
        cv2.circle(image, dot, max(3, round(size * 0.3)), colour, -1, cv2.LINE_AA)
        draw_text(image, name, (text_x + pad, text_y), size=size, colour=WHITE)


def _is_empty(values: Sequence[float | None]) -> bool:
    return all(value is None for value in values)


def _latest(values: Sequence[float | None]) -> float:
    return next((value for value in reversed(values) if value is not None), 1.0)


@dataclass(frozen=True)
class _Plot:
    """Where curves are drawn: sides in pixels, and the number of frames that the width spans."""

    left: int
    top: int
    right: int
    bottom: int
    span: int


def _curve(
    image: np.ndarray,
    values: Sequence[float | None],
    plot: _Plot,
    *,
    colour_of_value: Callable[[float], Colour],
    thickness: int,
) -> None:
    """Draw a curve whose newest value sits where time has come to: it fills up, then scrolls."""
    values = list(values)[-plot.span :]
    step = (plot.right - plot.left) / max(1, plot.span - 1)
    scale = 1 << SUBPIXEL
    previous: tuple[int, int] | None = None
    for index, value in enumerate(values):
        if value is None:
            previous = None
            continue
        height = min(max(value, 0.0), 1.0) * (plot.bottom - plot.top)
        point = (round((plot.left + index * step) * scale), round((plot.bottom - height) * scale))
        colour = colour_of_value(value)
        if previous is not None:
            cv2.line(image, previous, point, colour, thickness, cv2.LINE_AA, SUBPIXEL)
        if index == len(values) - 1:
            cv2.circle(image, point, (thickness + 1) * scale, colour, -1, cv2.LINE_AA, SUBPIXEL)
        previous = point
