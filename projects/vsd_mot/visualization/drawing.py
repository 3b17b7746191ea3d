"""Boxes, labels and trails of tracks, drawn with OpenCV: fast enough for every frame of a video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np

from .masks import draw_mask
from .palette import INK, Colour, colour_of, text_colour_on
from .text import draw_text, text_size

# (x, y) positions, as a sequence of pairs or an array (N, 2).
Points = Sequence[tuple[float, float]] | np.ndarray

SUBPIXEL = 4  # bits of sub-pixel position in OpenCV's line drawing
MAX_NAME = 24  # letters of a class that are written


def line_width(image: np.ndarray) -> int:
    """Line width that suits the size of a picture: 2 px at 480 rows, 4 px at 1080."""
    return max(1, round(min(image.shape[:2]) / 260))


def font_size(image: np.ndarray) -> int:
    """Font size that suits the size of a picture, at least readable."""
    return max(10, round(min(image.shape[:2]) / 36))


def rounded_rectangle(
    image: np.ndarray,
    corner: tuple[int, int],
    opposite: tuple[int, int],
    *,
    radius: int,
    colour: Colour,
) -> None:
    """Fill a rectangle with round corners, in place; both corners belong to it."""
    (x1, y1), (x2, y2) = corner, opposite
    radius = max(0, min(radius, (x2 - x1) // 2, (y2 - y1) // 2))
    cv2.rectangle(image, (x1 + radius, y1), (x2 - radius, y2), colour, -1)
    cv2.rectangle(image, (x1, y1 + radius), (x2, y2 - radius), colour, -1)
    for x in (x1 + radius, x2 - radius):
        for y in (y1 + radius, y2 - radius):
            cv2.circle(image, (x, y), radius, colour, -1, cv2.LINE_AA)


def panel(
    image: np.ndarray, corner: tuple[int, int], size: tuple[int, int], *, opacity: float = 0.68
) -> None:
    """Darken a region with round corners, as a ground for text; in place.

    Args:
        image: (H, W, 3) uint8 BGR.
        corner: (x, y) of the upper left corner.
        size: (width, height).
        opacity: 0 changes nothing, 1 hides the picture.
    """
    x, y = corner
    right, bottom = min(x + size[0], image.shape[1]), min(y + size[1], image.shape[0])
    x, y = max(x, 0), max(y, 0)
    if x >= right or y >= bottom:
        return
    region = image[y:bottom, x:right]
    cover = region.copy()
    opposite = (right - x - 1, bottom - y - 1)
    rounded_rectangle(cover, (0, 0), opposite, radius=round(size[1] * 0.08), colour=INK)
    cv2.addWeighted(cover, opacity, region, 1 - opacity, 0, dst=region)


def draw_box(image: np.ndarray, box: np.ndarray, *, colour: Colour, width: int) -> None:
    """Draw a box (x_min, y_min, x_max, y_max) with a thin dark edge that sets it off; in place."""
    x1, y1, x2, y2 = (round(float(value)) for value in _clip_far(box, image))
    cv2.rectangle(image, (x1, y1), (x2, y2), INK, width + 2)
    cv2.rectangle(image, (x1, y1), (x2, y2), colour, width)


def _clip_far(box: np.ndarray, image: np.ndarray) -> np.ndarray:
    # A wild box must not overflow OpenCV's integers.
    height, width = image.shape[:2]
    low, high = (-width, -height) * 2, (2 * width, 2 * height) * 2
    return np.clip(box, low, high)


def draw_label(image: np.ndarray, text: str, box: np.ndarray, *, colour: Colour, size: int) -> None:
    """Write a label on a filled tag above a box, or inside it where there is no room; in place."""
    height, width = image.shape[:2]
    text_width, text_height = text_size(text, size, bold=True)
    pad = max(2, size // 4)
    tag_width, tag_height = text_width + 2 * pad, text_height + 2
    x = int(np.clip(round(float(box[0])), 0, max(0, width - tag_width)))
    y = round(float(box[1])) - tag_height
    y = int(np.clip(y if y >= 0 else round(float(box[1])), 0, max(0, height - tag_height)))
    corner, opposite = (x, y), (x + tag_width - 1, y + tag_height - 1)
    rounded_rectangle(image, corner, opposite, radius=max(2, size // 5), colour=colour)
    ink = text_colour_on(colour)
    draw_text(image, text, (x + pad, y + 1), size=size, colour=ink, bold=True)


def draw_trail(image: np.ndarray, points: Points, *, colour: Colour, width: int) -> None:
    """Draw where a track has been: a thin line that fades with age; in place.

    Args:
        image: (H, W, 3) uint8 BGR.
        points: (x, y) positions in pixels, the oldest first.
        colour: BGR.
        width: Line width of the newest part.
    """
    if len(points) < 2:
        return
    scale = 1 << SUBPIXEL
    line = np.round(np.asarray(points, np.float64) * scale).astype(np.int32)
    left, top = np.floor(line.min(axis=0) / scale).astype(int) - width - 1
    right, bottom = np.ceil(line.max(axis=0) / scale).astype(int) + width + 2
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, image.shape[1]), min(bottom, image.shape[0])
    if left >= right or top >= bottom:
        return
    region = image[top:bottom, left:right]
    line -= np.array([left, top], np.int32) * scale
    # Four parts of rising opacity: a fade at the cost of four blends, not one per segment.
    bounds = np.linspace(0, len(line) - 1, 5).round().astype(int)
    for part, (start, end) in enumerate(pairwise(bounds)):
        if end > start:
            cover = region.copy()
            cv2.polylines(
                cover, [line[start : end + 1]], False, colour, width, cv2.LINE_AA, SUBPIXEL
            )
            opacity = (0.3, 0.5, 0.75, 1.0)[part]
            cv2.addWeighted(cover, opacity, region, 1 - opacity, 0, dst=region)


def draw_tracks(
    image: np.ndarray,
    boxes: np.ndarray,
    ids: np.ndarray,
    *,
    scores: np.ndarray | None = None,
    trails: Mapping[int, Points] | None = None,
    masks: np.ndarray | None = None,
    names: Sequence[str] | None = None,
) -> np.ndarray:
    """Draw tracks into a copy of a picture.

    Args:
        image: (H, W, 3) uint8 BGR.
        boxes: (N, 4) in (x_min, y_min, x_max, y_max) pixels.
        ids: (N,) identities.
        scores: (N,) scores to be written beside the identity, None for none.
        trails: Positions of each identity, the oldest first.
        masks: (N, h, w) bool masks, drawn in place of the boxes where they have a pixel.
        names: Of the N tracks' classes, to be written before the identity; None for none.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    image = np.ascontiguousarray(image).copy()
    width, size = line_width(image), font_size(image)
    # Boxes lower in the picture are nearer: they are drawn last, over those behind.
    order = np.argsort(boxes[:, 3], kind='stable').tolist()
    for index in order:
        identity = int(ids[index])
        points = (trails or {}).get(identity, ())
        draw_trail(image, points, colour=colour_of(identity), width=width)
    for index in order:
        colour = colour_of(int(ids[index]))
        if masks is not None and masks[index].any():
            draw_mask(image, masks[index], colour=colour, width=width)
        else:
            draw_box(image, boxes[index], colour=colour, width=width)
    for index in order:
        text = f'{int(ids[index])}' if scores is None else f'{int(ids[index])}  {scores[index]:.2f}'
        text = text if names is None else f'{names[index][:MAX_NAME]} {text}'
        draw_label(image, text, boxes[index], colour=colour_of(int(ids[index])), size=size)
    return image
