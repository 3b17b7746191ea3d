"""Grey pictures to draw on, and a box."""

import numpy as np

GREY = 90
BOX = np.array([[40.0, 60.0, 90.0, 160.0]])
ONE = np.array([4])


def canvas(height=240, width=320):
    return np.full((height, width, 3), GREY, np.uint8)


def share_of(image, colour, tolerance=12):
    """Share of the pixels that have a colour."""
    return (np.abs(image.astype(int) - colour).max(-1) <= tolerance).mean()
