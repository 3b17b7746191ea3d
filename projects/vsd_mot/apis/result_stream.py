"""What all results that come frame by frame have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator

from ..errors import SourceError
from ..video.reader import FrameReader
from ..video.results import FrameResult
from ..video.sources import Frame, FrameSource, no_readable_frame
from .latency import LatencyMeter

MAX_FAULTS = 1000  # whose reasons are kept: a bad camera has some for ever


class FrameCounts:
    """What was wrong with the frames of a source.

    Attributes:
        faults: Reasons of the first thousand frames that could not be read or are damaged.
        fault_count: How many such frames there were.
        damage: How many frames had which damage.
        readable: How many frames had a picture.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.fault_count = 0
        self.damage: Counter[str] = Counter()
        self.readable = 0

    def count(self, frame: Frame) -> None:
        """Count the next frame."""
        self.readable += frame.image is not None
        if frame.damage is not None:
            self.damage[frame.damage] += 1
        if frame.fault is not None:
            self.fault_count += 1
            if self.fault_count <= MAX_FAULTS:
                self.faults.append(frame.fault)


class ResultStream(FrameCounts, Iterator[FrameResult]):
    """Base of the iterators over the results of one source.

    A subclass says in :meth:`_run` what happens between :meth:`_read` and the results. The source
    is closed when the last result is out, after an error, and by :meth:`close`.

    Args:
        source: The opened source.
        strict: Raise at the first frame that cannot be read, and at the end of a source that is
            not whole, instead of noting it.

    Attributes:
        source: The opened source (name, fps, length, live).
        latency: Of the frames of a live source, from their arrival to their result.
    """

    def __init__(self, source: FrameSource, *, strict: bool = False) -> None:
        super().__init__()
        self.source = source
        self.strict = strict
        self.latency = LatencyMeter()
        self._reader: FrameReader | None = None
        self._results = self._closing()

    @property
    def dropped(self) -> int:
        """Frames of a live source that were not waited for."""
        return self._reader.dropped if self._reader is not None else 0

    @property
    def remarks(self) -> list[str]:
        """What is odd about the source and no fault of a frame; complete after the last one."""
        return [] if self.source.remark is None else [self.source.remark]

    def __len__(self) -> int:
        if self.source.length is None:
            raise TypeError('the length of this source is not known')
        return self.source.length

    def __next__(self) -> FrameResult:
        return next(self._results)

    def close(self) -> None:
        """Stop and close the source; done by itself after the last frame."""
        self._results.close()
        self._close_source()

    def _run(self) -> Generator[FrameResult, None, None]:
        raise NotImplementedError

    def _closing(self) -> Generator[FrameResult, None, None]:
        try:
            yield from self._run()
        finally:
            self._close_source()

    def _close_source(self) -> None:
        (self._reader or self.source).close()

    def _read(self, depth: int) -> FrameReader:
        """Begin to read the source, so many frames ahead."""
        self._reader = FrameReader(self.source, depth=depth)
        return self._reader

    def _note(self, frame: Frame) -> None:
        """Count a frame, and what is wrong with it.

        Raises:
            SourceError: It is faulty, and `strict` is set.
        """
        if self.strict and frame.fault is not None:
            raise SourceError(frame.fault)
        self.count(frame)

    def _judge_end(self) -> None:
        """See after the last frame whether it was one.

        Raises:
            SourceError: No frame could be read, or the source is not whole and `strict` is set.
        """
        if self.readable == 0:
            raise no_readable_frame(self.source, self.faults)
        if self.strict and self.source.incomplete is not None:
            raise SourceError(self.source.incomplete)
