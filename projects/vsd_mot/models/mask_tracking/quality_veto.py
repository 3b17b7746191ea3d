"""Frames too bad to be remembered."""

from __future__ import annotations

from dataclasses import dataclass

from mmtrack.registry import MODELS


@dataclass(frozen=True)
class Verdict:
    """Whether a frame may go into the long-term and the short-term memory."""

    long: bool = True
    short: bool = True


@MODELS.register_module()
class QualityVeto:
    """Keep frames of low quality out of the memory. Not in HQTrack: an idea of this project.

    A frame is bad if its quality, in 0..1 by :class:`FrameQuality`, is below a floor, or much
    below what the video's frames usually have. Frames with annotated masks are always remembered.

    Args:
        floor: Least quality. Raise it to remember less of bad videos.
        relative: Least quality as a share of the running mean. Raise it to remember only
            the best of each video's frames; 0 looks at the floor only.
        momentum: Share of the running mean that a frame renews. Raising it follows changes of the
            video sooner, a slow decline too.
        short: Whether bad frames are kept out of the short-term memory, too. Motion is then
            followed across larger gaps.
        patience: After so many bad frames one after the other, the next is remembered whatever
            its quality, so that the memory does not grow old.
    """

    def __init__(
        self,
        *,
        floor: float = 0.2,
        relative: float = 0.9,
        momentum: float = 0.05,
        short: bool = False,
        patience: int = 100,
    ) -> None:
        if not (0 <= floor <= 1 and 0 <= relative <= 1 and 0 < momentum <= 1 and patience >= 1):
            raise ValueError(
                'floor, relative and momentum of a quality veto are shares in 0..1, patience is at '
                f'least 1; got {floor}, {relative}, {momentum} and {patience}'
            )
        self.floor, self.relative, self.momentum = floor, relative, momentum
        self.short, self.patience = short, patience
        self.reset()

    def reset(self) -> None:
        """Begin another video."""
        self.usual: float | None = None
        self.refused = 0

    def __call__(self, quality: float) -> Verdict:
        """Judge the next frame of a video by its quality in 0..1."""
        usual = quality if self.usual is None else self.usual
        bad = quality < max(self.floor, self.relative * usual)
        self.usual = usual + self.momentum * (quality - usual)
        self.refused = self.refused + 1 if bad else 0
        if not bad or self.refused > self.patience:
            self.refused = 0
            return Verdict()
        return Verdict(long=False, short=not self.short)
