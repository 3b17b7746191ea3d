"""Colours: one per identity, and the scale of frame quality. All are BGR, 0..255."""

from __future__ import annotations

import colorsys
from functools import lru_cache

Colour = tuple[int, int, int]

GOLDEN_RATIO = 0.618033988749895
SHADES = ((0.75, 1.0), (0.5, 1.0), (0.9, 0.85), (0.65, 0.9), (0.95, 1.0))  # saturation, value

WHITE: Colour = (255, 255, 255)
INK: Colour = (28, 24, 22)  # background of labels and panels
MUTED: Colour = (190, 184, 178)
WEIGHT: Colour = (255, 144, 178)  # violet: the semantic weight
BAD: Colour = (72, 76, 235)
MIDDLING: Colour = (64, 180, 250)
GOOD: Colour = (120, 205, 90)


@lru_cache(maxsize=4096)
def colour_of(identity: int) -> Colour:
    """Return the colour of a track: the same for an identity in every frame, video and run.

    Hues follow the golden ratio, so that identities close in number, which meet in one picture,
    are far apart in colour; saturation and brightness vary in five steps for more variety.
    """
    hue = (0.07 + identity * GOLDEN_RATIO) % 1.0
    saturation, value = SHADES[identity % len(SHADES)]
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(255 * blue), round(255 * green), round(255 * red)


def text_colour_on(background: Colour) -> Colour:
    """Black or white, whichever reads better on a background (ITU-R BT.601 luma)."""
    blue, green, red = background
    return INK if 0.114 * blue + 0.587 * green + 0.299 * red > 140 else WHITE


def quality_colour(quality: float) -> Colour:
    """Red for 0 over amber for 0.5 to green for 1."""
    quality = min(max(quality, 0.0), 1.0)
    low, high = (BAD, MIDDLING) if quality < 0.5 else (MIDDLING, GOOD)
    fraction = quality * 2 if quality < 0.5 else quality * 2 - 1
    blue, green, red = (round(a + (b - a) * fraction) for a, b in zip(low, high))
    return blue, green, red
