"""What is wrong with a frame of a video, by its picture and those before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import cv2
import numpy as np

from .sources import Damage, Frame

# Frames whose picture says nothing new of the scene.
UNSEEN: tuple[Damage, ...] = ('unreadable', 'corrupt', 'blank', 'frozen')

THUMBNAIL = (64, 36)  # width, height; small enough that noise and people hardly count
BLOCK = 16  # side of the blocks in which a frozen frame shows no change, pixels


@dataclass
class Thumbnail:
    """A frame in little.

    Attributes:
        grey: ``(36, 64)`` float32 grey levels.
        colours: Share of the pixels in each of 8 x 8 x 8 colours, ``(512,)``.
    """

    grey: np.ndarray
    colours: np.ndarray

    @classmethod
    def of(cls, image: np.ndarray) -> Thumbnail:
        """Shrink a picture ``(H, W, 3)`` uint8 BGR."""
        # by halves first, which OpenCV does in a quarter of the time
        while image.shape[1] >= 16 * THUMBNAIL[0] and image.shape[0] >= 16 * THUMBNAIL[1]:
            half = image.shape[1] // 2, image.shape[0] // 2
            image = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
        small = cv2.resize(image, THUMBNAIL, interpolation=cv2.INTER_AREA)
        colours = cv2.calcHist([small], [0, 1, 2], None, [8, 8, 8], [0, 256] * 3).ravel()
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
        return cls(grey, colours / colours.sum())

    @property
    def spread(self) -> float:
        """Grey levels between the darkest and the brightest twentieth."""
        low, high = np.percentile(self.grey, (5, 95))
        return float(high - low)

    def likeness(self, before: Thumbnail) -> tuple[float, float]:
        """Compare with the frame before.

        Returns:
            Correlation of the middle with wherever it fits best in the frame before, which a
            camera that turns leaves high; and the share of colours that both have, which it does
            not change either.
        """
        height, width = self.grey.shape
        middle = self.grey[height // 5 : -height // 5, width // 5 : -width // 5]
        correlation = cv2.matchTemplate(before.grey, middle, cv2.TM_CCOEFF_NORMED).max()
        return float(correlation), float(np.minimum(self.colours, before.colours).sum())


class DamageWatch:
    """Names what is wrong with the frames of one video, one after the other.

    - ``unreadable``: there is no picture;
    - ``corrupt``: the decoder marked it;
    - ``blank``: black, or of one colour;
    - ``frozen``: the picture before once more, repeated by a camera or recorder;
    - ``cut``: another scene;
    - ``resized``: of another size than the frame before. All are brought to the size of the first,
      with black bars where the aspect ratio differs.

    A scene in which nothing moves looks frozen, too: after ``patience`` seconds it is taken for
    one. A cut is recognised by shapes and colours at once, so that neither a turning camera nor a
    lamp makes one; two scenes of one look are missed.

    The numbers were chosen on seven sequences of MOT15 and MOT17, five frames apart: 0.71 and 0.86
    were the lowest correlation and share of colours within a sequence, 0.59 and 0.58 the highest
    between two of them.

    Args:
        blank_spread: A picture whose grey levels differ by less is blank. Raising it takes fog and
            night for blank.
        frozen_change: Mean change in grey levels below which a block of 16 pixels counts as equal;
            all blocks must be. Raising it takes still scenes for frozen ones.
        patience: Seconds of frozen frames after which the scene is taken to be still.
        cut_correlation: A cut leaves less correlation of shapes. Raising it finds more cuts, and
            false ones.
        cut_colours: A cut leaves a smaller share of colours. Raising it, likewise.
        aspect_change: A size whose aspect ratio differs by a larger share than this is another
            camera's: a cut.

    Attributes:
        other_sizes: How many frames had which (height, width) that is not that of the first.
    """

    def __init__(
        self,
        *,
        blank_spread: float = 3.0,
        frozen_change: float = 0.6,
        patience: float = 1.0,
        cut_correlation: float = 0.65,
        cut_colours: float = 0.7,
        aspect_change: float = 0.05,
    ) -> None:
        self.blank_spread = blank_spread
        self.frozen_change = frozen_change
        self.patience = patience
        self.cut_correlation = cut_correlation
        self.cut_colours = cut_colours
        self.aspect_change = aspect_change
        self.reset()

    def reset(self) -> None:
        """Begin a video."""
        self.other_sizes: Counter[tuple[int, int]] = Counter()
        self._first_size: tuple[int, int] | None = None
        self._last_size: tuple[int, int] | None = None
        self._last: np.ndarray | None = None  # green of the last picture that was new and whole
        self._scene: Thumbnail | None = None
        self._changed = 0.0  # its time

    def look(self, frame: Frame) -> Frame:
        """Name what is wrong with the next frame.

        Args:
            frame: Of the video.

        Returns:
            The frame with its `damage`, its picture at the size of the first one.
        """
        if frame.image is None:
            return replace(frame, damage='unreadable')
        size = frame.image.shape[0], frame.image.shape[1]
        first = self._first_size = self._first_size or size
        before, self._last_size = self._last_size or size, size
        if size != first:
            self.other_sizes[size] += 1
            frame = replace(frame, image=fitted(frame.image, first))
        damage = self._look_at(frame)
        if damage is None and size != before:
            change = size[0] * before[1] / (size[1] * before[0])
            damage = 'cut' if abs(change - 1) > self.aspect_change else 'resized'
        return replace(frame, damage=damage)

    def sizes_remark(self) -> str | None:
        """Say which frames were resized, and what that means; None where all had one size."""
        if not self.other_sizes or self._first_size is None:
            return None
        first = '{1} x {0}'.format(*self._first_size)
        others = ', '.join('{1} x {0}'.format(*size) for size in list(self.other_sizes)[:4])
        return (
            f'{self.other_sizes.total()} frames are of another size ({others}) than the first '
            f'({first}): they were resized to it, and the boxes in them are in its pixels'
        )

    def _look_at(self, frame: Frame) -> Damage | None:
        """Judge a picture by itself and by the last one that was new and whole."""
        image = frame.image
        assert image is not None
        if frame.fault is not None:
            return 'corrupt'
        green = cv2.extractChannel(image, 1)  # for all colours
        if self._last is not None and changes_less(green, self._last, self.frozen_change):
            return 'frozen' if frame.time - self._changed <= self.patience else None
        thumbnail = Thumbnail.of(image)
        if thumbnail.spread < self.blank_spread:
            return 'blank'
        before, self._scene = self._scene, thumbnail
        self._last, self._changed = green, frame.time
        if before is None:
            return None
        correlation, colours = thumbnail.likeness(before)
        cut = correlation < self.cut_correlation and colours < self.cut_colours
        return 'cut' if cut else None


def changes_less(image: np.ndarray, before: np.ndarray, threshold: float) -> bool:
    """Whether no block of 16 pixels of a picture changed by ``threshold`` grey levels in the mean.

    Args:
        image: ``(H, W)`` uint8.
        before: Of the same shape.
        threshold: Mean change of a block. Raising it takes more pictures for the same.
    """
    # Where the whole picture changed so much, one of its blocks did: most frames end here.
    if cv2.norm(image, before, cv2.NORM_L1) >= threshold * image.size:
        return False
    change = cv2.absdiff(image, before).astype(np.float32)
    height, width = (min(BLOCK, side) for side in change.shape)
    # what whole blocks leave over at the right and below is looked at with its neighbours
    bottom, right = change[-height:], change[:, -width:]
    for part in (change, bottom, right, bottom[:, -width:]):
        down, across = part.shape[0] // height, part.shape[1] // width
        whole = part[: down * height, : across * width]
        means = cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA)
        if means.max() >= threshold:
            return False
    return True


def placed(image: np.ndarray, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Say where a picture comes to lie when it is :func:`fitted` to a size.

    Args:
        image: ``(H, W, 3)``.
        size: (height, width) in pixels.

    Returns:
        left, top, width and height of the picture between the bars, in pixels.
    """
    scale = min(size[0] / image.shape[0], size[1] / image.shape[1])
    height = min(size[0], max(1, round(image.shape[0] * scale)))
    width = min(size[1], max(1, round(image.shape[1] * scale)))
    return (size[1] - width) // 2, (size[0] - height) // 2, width, height


def fitted(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Bring a picture to a size, whole, with black bars where the aspect ratio differs.

    Args:
        image: ``(H, W, 3)`` uint8.
        size: (height, width) in pixels.
    """
    left, top, width, height = placed(image, size)
    inner = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    bars = (top, size[0] - height - top, left, size[1] - width - left)
    return cv2.copyMakeBorder(inner, *bars, cv2.BORDER_CONSTANT)
