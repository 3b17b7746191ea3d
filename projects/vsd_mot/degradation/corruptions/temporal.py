"""Frames that do not arrive: repeated, lost in bursts, cut out, or never recorded."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...images import read_image
from ..fluctuation import Fluctuation, LatentQuality
from ..seeding import cdf
from .base import Corruption, Frame, position_of

# Losses come in bursts of about three frames.
BURST = Fluctuation(share=1.0, period=3.0, stretch_every=0)


class FrozenFrames(Corruption):
    """Lost frames: the last one that arrived stays. The level is the part that is lost.

    Losses come in bursts, and what is lost at a severity is lost at the next, too.

    Args:
        severity: 1 (mild) to 5. Raising it makes the video worse.
        seed: Another one loses other frames.
        burst: Correlation length of the losses in frames, see :class:`Fluctuation`; chosen for
            freezes that the eye notices. Raising it makes fewer and longer ones.
    """

    levels = (0.1, 0.25, 0.4, 0.6, 0.8)

    def __init__(self, severity: int, seed: int = 0, *, burst: float = 3.0) -> None:
        super().__init__(severity, seed)
        self._burst = Fluctuation(share=1.0, period=burst, stretch_every=0)

    def source_position(self, frame: Frame) -> int:
        """Find the position of the frame that replaces this one: its own if it arrived."""
        _, position = position_of(frame)
        quality = LatentQuality(f'{frame.video}/{type(self).__name__}', self.seed, self._burst)
        while (
            position > 0
            and cdf(quality('noise', base=0.0, name='loss', frame=position)) > 1 - self.level
        ):
            position -= 1
        return position

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Repeat the last frame that arrived."""
        paths, position = position_of(frame)
        source = self.source_position(frame)
        return image if source == position else read_image(paths[source])


class LosesFrames(Corruption):
    """Base of corruptions by which frames do not come at all; those that come are whole.

    Their times stay true, so that whoever counts seconds knows of the gap.
    """

    loses_frames: ClassVar[bool] = True

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Leave it as it is."""
        return image


class LowFrameRate(LosesFrames):
    """A recorder at a part of the frame rate; the level is by what the rate is divided."""

    levels = (2, 3, 5, 7, 10)

    def keeps(self, frame: Frame) -> bool:
        """Whether it is one of every n."""
        return frame.number % self.level == 0


class FrameRateOf(LosesFrames):
    """A recorder of a fixed frame rate; the level is that rate, in frames per second."""

    levels = (12, 8, 6, 4, 2)

    def keeps(self, frame: Frame) -> bool:
        """Whether the recorder's clock ticks with it."""
        tick = self.level / max(frame.fps, 1e-3)
        # A hair more, or rounding would lose ticks that fall onto a frame.
        return int(frame.number * tick + 1e-6) != int((frame.number - 1) * tick + 1e-6) or (
            frame.number == 0
        )


class LostFrames(LosesFrames):
    """A bad connection: bursts of frames are lost. The level is the part that is lost."""

    levels = (0.1, 0.25, 0.4, 0.6, 0.8)

    def keeps(self, frame: Frame) -> bool:
        """Whether it arrives; a video's first frame does."""
        quality = LatentQuality(f'{frame.video}/{type(self).__name__}', self.seed, BURST)
        loss = cdf(quality('noise', base=0.0, name='loss', frame=frame.number))
        return frame.number == 0 or bool(loss <= 1 - self.level)


class Outage(LosesFrames):
    """A connection that breaks down; the level is for how many frames, once in every 300."""

    levels = (10, 20, 40, 80, 150)
    _every = 300

    def keeps(self, frame: Frame) -> bool:
        """Whether it comes before or after."""
        start = self.video_rng(frame).uniform(0.1, 0.4) * self._every
        return not start <= frame.number % self._every < start + self.level
