"""A window on the screen."""

from __future__ import annotations

import os
import sys

import cv2
import numpy as np

from ..errors import TrackingError

QUIT_KEYS = (ord('q'), 27)  # 27 is Esc


class Window:
    """A window that shows pictures until the user closes it by q or Esc.

    Args:
        title: Its title.

    Raises:
        TrackingError: No window can be opened here.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        on_linux = sys.platform.startswith('linux')
        no_display = on_linux and not (
            os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY')
        )
        try:
            if no_display:
                raise TrackingError('there is no display')
            cv2.namedWindow(title, cv2.WINDOW_NORMAL)
        except (TrackingError, cv2.error) as error:
            reason = str(error) if no_display else 'this OpenCV is built without windows'
            raise TrackingError(
                f'--show cannot open a window: {reason}; leave it out and look at the video '
                'that is written (or pip install opencv-python in place of -headless)'
            ) from error

    def show(self, picture: np.ndarray | None) -> bool:
        """Show a picture, uint8 BGR, if there is one yet.

        Returns:
            Whether to go on: False when the user has pressed q or Esc.
        """
        if picture is not None:
            cv2.imshow(self.title, picture)
        return cv2.waitKey(1) & 0xFF not in QUIT_KEYS
