"""The memory of a group of objects: which frames are kept, which are read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .memory_frames import FrameMemory, LayerMemory


@dataclass(frozen=True)
class MemorySettings:
    """How much of the past is remembered; the defaults are what HQTrack's published code does.

    Args:
        long_gap: Frames between two frames of the long-term memory. A smaller gap follows changes
            sooner and forgets the past sooner, too. HQTrack found 50 best for VOTS2023.
        long_frames: Greatest number of frames in the long-term memory; the first one stays, the
            oldest of the others goes. Time and memory grow with it.
        short_lag: The short-term memory is the frame this many frames back. Raising it bridges
            short occlusions, and widens the motion that the window has to cover.
        long_gap_seconds: The gap in seconds instead, for videos of any frame rate.
        short_lag_seconds: The lag in seconds instead.
    """

    long_gap: int = 50
    long_frames: int = 6
    short_lag: int = 4
    long_gap_seconds: float | None = None
    short_lag_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.long_gap < 1 or self.short_lag < 1 or self.long_frames < 2:
            raise ValueError(
                'long_gap and short_lag are at least 1 frame, long_frames at least 2 (the first '
                f'and a newer one); got {self.long_gap}, {self.short_lag}, {self.long_frames}'
            )
        for name in ('long_gap_seconds', 'short_lag_seconds'):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f'{name} must be more than 0, got {value}')

    def at_rate(self, fps: float | None) -> MemorySettings:
        """Return the settings in frames for a video of a frame rate.

        Args:
            fps: Frames per second; None where it is not known.

        Raises:
            ValueError: Settings are in seconds and the frame rate is not known.
        """
        gap, lag = self.long_gap_seconds, self.short_lag_seconds
        if gap is None and lag is None:
            return self
        if not fps or not fps > 0:
            raise ValueError(
                f'the memory is set in seconds, and the video has no frame rate (fps {fps}): '
                'give it, or set long_gap and short_lag in frames'
            )
        return replace(
            self,
            long_gap=self.long_gap if gap is None else max(1, round(gap * fps)),
            short_lag=self.short_lag if lag is None else max(1, round(lag * fps)),
            long_gap_seconds=None,
            short_lag_seconds=None,
        )


class ObjectMemory:
    """What is remembered of one group of objects in one video; bounded however long it lasts.

    The long-term memory is kept as one run of tokens a layer, as it is read: newest frame first,
    the first one last.

    Args:
        settings: How much is remembered, in frames.

    Attributes:
        long: Memory of all long-term frames, by layer; empty before the first reference.
        long_frames: Their numbers, newest first.
        short_frames: Numbers of the short-term frames, the one that is read first.
        written: Number of the frame that was last put into the long-term memory.
    """

    def __init__(self, settings: MemorySettings) -> None:
        self.settings = settings
        self.long: FrameMemory = []
        self.long_frames: list[int] = []
        self.short_frames: list[int] = []
        self.written = 0
        self._short: list[FrameMemory] = []

    @property
    def short(self) -> FrameMemory:
        """Memory of the short-term frame that is read next."""
        return self._short[0]

    def refer(self, frame: int, memory: FrameMemory) -> None:
        """Take in a frame whose masks were given: the short-term memory begins anew with it.

        Args:
            frame: Its number.
            memory: What is remembered of it.
        """
        self._write(frame, memory)
        self.short_frames, self._short = [frame], [memory]

    def update(
        self, frame: int, memory: FrameMemory, *, long: bool = True, short: bool = True
    ) -> None:
        """Take in a frame with the masks that were found in it.

        Args:
            frame: Its number.
            memory: What is remembered of it.
            long: Whether it may go into the long-term memory. If not, the next that may goes.
            short: Whether it may go into the short-term memory.
        """
        if short:
            keep = self.settings.short_lag
            self.short_frames = [*self.short_frames, frame][-keep:]
            self._short = [*self._short, memory][-keep:]
        if long and frame - self.written >= self.settings.long_gap:
            self._write(frame, memory)

    def _write(self, frame: int, memory: FrameMemory) -> None:
        self.written = frame
        if not self.long:
            self.long, self.long_frames = memory, [frame]
            return
        kept: list[tuple[LayerMemory, ...]]
        if len(self.long_frames) == self.settings.long_frames:
            del self.long_frames[-2]
            kept = [without_second_last(layer, one) for layer, one in zip(self.long, memory)]
        else:
            kept = [(layer,) for layer in self.long]
        self.long_frames.insert(0, frame)
        self.long = [LayerMemory.cat((one, *rest)) for one, rest in zip(memory, kept)]


def without_second_last(layer: LayerMemory, one: LayerMemory) -> tuple[LayerMemory, LayerMemory]:
    """Return a layer's memory without its second last frame, in two parts.

    Args:
        layer: Memory of at least two frames.
        one: Memory of one frame, whose number of tokens all have.
    """
    tokens, count = one.keys.shape[1], layer.keys.shape[1]
    return layer.tokens(0, count - 2 * tokens), layer.tokens(count - tokens, count)
