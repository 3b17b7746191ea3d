"""Annotate the frames of a video one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from .drawing import draw_tracks, font_size, panel
from .palette import WHITE
from .quality_overlay import draw_gauges, draw_strip
from .text import draw_text, text_size


class _FrameRating(NamedTuple):
    """Quality and semantic weight of a frame, None where the model gives none."""

    quality: float | None
    weight: float | None


class TrackAnnotator:
    """Draws boxes, identities, trails, and the course of quality and semantic weight.

    Keeps what the trails and curves need; use one per video.

    Args:
        fps: Frames per second, which sets the length of trails and curves.
        trail_seconds: How far back trails reach, more seconds draw longer ones; 0 draws none.
        strip_seconds: How much time the curve at the lower edge spans; more seconds give a
            longer but denser history; 0 draws none.
        show_scores: Whether to write the score beside the identity.
        min_side: Enlarge smaller pictures, up to four times, until their shorter side has this
            many pixels, so that there is room for what is drawn; 0 leaves sizes alone.
    """

    def __init__(
        self,
        fps: float = 30.0,
        *,
        trail_seconds: float = 1.5,
        strip_seconds: float = 10.0,
        show_scores: bool = False,
        min_side: int = 0,
    ) -> None:
        self.trail_frames = round(trail_seconds * fps)
        self.strip_frames = max(2, round(strip_seconds * fps)) if strip_seconds else 0
        self.show_scores = show_scores
        self.min_side = min_side
        self.reset()

    def reset(self) -> None:
        """Begin another video."""
        self._trails: dict[int, deque[tuple[float, float]]] = {}
        self._last_visible: dict[int, int] = {}
        self._history: deque[_FrameRating] = deque(maxlen=self.strip_frames or 1)
        self._last_image: np.ndarray | None = None
        self._frame = 0

    def annotate(
        self,
        image: np.ndarray | None,
        boxes: np.ndarray,
        ids: np.ndarray,
        *,
        scores: np.ndarray | None = None,
        semantics: dict[str, float] | None = None,
        masks: np.ndarray | None = None,
        names: Sequence[str] | None = None,
    ) -> np.ndarray | None:
        """Draw the next frame of the video.

        Args:
            image: (H, W, 3) uint8 BGR; None for a frame that could not be read, in whose place
                the last one is drawn, darkened.
            boxes: (N, 4) in (x_min, y_min, x_max, y_max) pixels.
            ids: (N,) identities.
            scores: (N,) scores.
            semantics: Information on the frame: `quality` and `semantic_weight` in [0, 1].
            masks: (N, H, W) bool masks; None without.
            names: Of the tracks' classes, to be written; None writes none.

        Returns:
            uint8 BGR, a new array of the image's size or, see `min_side`, a multiple of it; None as
            long as no frame could be read.
        """
        semantics = semantics or {}
        self.update_history(boxes, ids, semantics=semantics)
        if image is None:
            return None if self._last_image is None else unreadable_frame(self._last_image)
        return self.draw(
            image, boxes, ids, scores=scores, semantics=semantics, masks=masks, names=names
        )

    def draw(
        self,
        image: np.ndarray,
        boxes: np.ndarray,
        ids: np.ndarray,
        *,
        scores: np.ndarray | None = None,
        semantics: dict[str, float] | None = None,
        masks: np.ndarray | None = None,
        names: Sequence[str] | None = None,
    ) -> np.ndarray:
        """Draw a frame that is in the history already (:meth:`update_history`).

        Args:
            image: (H, W, 3) uint8 BGR.
            boxes: As :meth:`annotate`.
            ids: As :meth:`annotate`.
            scores: As :meth:`annotate`.
            semantics: As :meth:`annotate`.
            masks: As :meth:`annotate`.
            names: As :meth:`annotate`.

        Returns:
            uint8 BGR, a new array of the image's size or, see `min_side`, a multiple of it.
        """
        factor = self._factor(image)
        if factor > 1:
            image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        self._last_image = image
        trails = {}
        if self.trail_frames:
            trails = {key: np.array(trail) * factor for key, trail in self._trails.items()}
        picture = draw_tracks(
            image,
            boxes * factor,
            ids,
            scores=scores if self.show_scores else None,
            trails=trails,
            masks=masks,
            names=names,
        )
        draw_gauges(picture, semantics or {})
        if self.strip_frames:
            draw_strip(
                picture,
                quality=[frame.quality for frame in self._history],
                weight=[frame.weight for frame in self._history],
                span=self.strip_frames,
            )
        return picture

    def _factor(self, image: np.ndarray) -> int:
        return min(4, max(1, -(-self.min_side // min(image.shape[:2]))))

    def update_history(
        self,
        boxes: np.ndarray,
        ids: np.ndarray,
        *,
        semantics: dict[str, float] | None = None,
    ) -> None:
        """Take the next frame of the video into trails and curves without drawing it.

        Args:
            boxes: As :meth:`annotate`.
            ids: As :meth:`annotate`.
            semantics: As :meth:`annotate`.
        """
        semantics = semantics or {}
        self._frame += 1
        for identity, box in zip(ids.tolist(), boxes):
            trail = self._trails.setdefault(identity, deque(maxlen=max(1, self.trail_frames)))
            trail.append((float(box[0] + box[2]) / 2, float(box[3])))  # where the feet are
            self._last_visible[identity] = self._frame
        oldest = self._frame - self.trail_frames
        for identity in [one for one, frame in self._last_visible.items() if frame < oldest]:
            del self._trails[identity], self._last_visible[identity]
        rating = _FrameRating(semantics.get('quality'), semantics.get('semantic_weight'))
        self._history.append(rating)


def unreadable_frame(image: np.ndarray) -> np.ndarray:
    """Return what stands in for a frame that could not be read: another one, darkened, with a note.

    Args:
        image: (H, W, 3) uint8 BGR.

    Returns:
        (H, W, 3) uint8 BGR, a new array.
    """
    picture = image // 3
    size, text = font_size(picture), 'frame could not be read'
    width, height = text_size(text, size, bold=True)
    x, y = (picture.shape[1] - width) // 2, (picture.shape[0] - height) // 2
    panel(picture, (x - size, y - size // 2), (width + 2 * size, height + size))
    draw_text(picture, text, (x, y), size=size, colour=WHITE, bold=True)
    return picture
