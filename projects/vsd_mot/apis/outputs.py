"""All files that tracking a video leaves, written side by side in a background thread."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np

from ..errors import OutputError
from ..video.results import FrameResult
from ..video.sources import FrameSource
from ..video.writers import (
    CocoJsonWriter,
    LabelMapWriter,
    MotsTextWriter,
    MotTextWriter,
    PageWriter,
    PictureWriter,
    RerunWriter,
    ResultWriter,
    VideoWriter,
)
from ..video.writers.base import write_error
from ..video.writers.facts import VideoFacts
from ..video.writers.formats import EXTRA_FORMATS, extra_format
from ..visualization.annotator import TrackAnnotator, unreadable_frame
from ..visualization.quality_plot import plot_quality
from .disk_reserve import DiskReserve
from .output_place import OutputPlace

QUEUE_FRAMES = 8
# Writers that need no annotated picture.
WITHOUT_PICTURE = ('text', 'json', 'label maps', 'mots', 'page', 'rerun', *EXTRA_FORMATS)


class TrackOutputs:
    """Writes text, JSON, annotated video, pictures and the quality curve of one tracked video.

    Use it as a context manager: however the block is left, by its end, Ctrl-C or an error, every
    file is completed with the frames written so far and only then gets its name.

    Example:
        >>> results = track_video(tracker, 'street.mp4')
        >>> with TrackOutputs('out', results.source) as outputs:
        ...     for result in results:
        ...         outputs.write(result)
        >>> outputs.files
        {'text': Path('out/street.txt'), 'json': ..., 'video': ..., 'curve': ...}

    Args:
        folder: Where the files go; made when it is missing.
        source: The source that is tracked, for its name and frame rate.
        classes: Names of the classes in the order of the labels, in place of those of the results.
        name: What the files' names begin with; None takes the source's name.
        video: Whether to write the annotated video.
        pictures_every: Write every n-th annotated frame as a picture; 0 writes none. Raising it
            writes fewer.
        info: Entries for the JSON's `info`, of which more may be set until it is closed.
        annotator: Draws the frames; None makes one for the source's frame rate.
        draw: Draw frames for `picture` even if neither video nor pictures are written.
        masks: Whether results have masks, to be written as label maps and MOTS text as well.
        formats: Further formats to write, of ``EXTRA_FORMATS``: cvat, yolo, csv ...
        page: Whether to write a page for the browser.
        rerun: A recording for Rerun's viewer to write; None writes none.

    The JSON is completed last: where it says `complete`, all files that it names are there.

    Attributes:
        name: What the files' names begin with.
        info: Entries for the JSON's `info`.
        picture: The latest annotated frame, (H, W, 3) uint8 BGR; None before the first.
        files: The completed files by kind, after closing.
        frames: Number of frames written.
        remarks: What of the results a file could not hold, after closing.

    Raises:
        OutputError: The folder cannot be written to, or a file would replace the source, or the
            results of another one, or there is no such format.
        BusyError: Another process is writing results of that name.
    """

    def __init__(
        self,
        folder: str | Path,
        source: FrameSource,
        classes: tuple[str, ...] | None = None,
        *,
        name: str | None = None,
        video: bool = True,
        pictures_every: int = 0,
        info: dict | None = None,
        annotator: TrackAnnotator | None = None,
        draw: bool = False,
        masks: bool = False,
        formats: Sequence[str] = (),
        page: bool = False,
        rerun: str | Path | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.source = source
        self.name = name or source.name
        self.info = dict(info or {})
        self.annotator = annotator or TrackAnnotator(fps=source.fps, min_side=480)
        self.files: dict[str, Path] = {}
        self.frames = 0
        self.remarks: list[str] = []
        self._classes = classes
        self._labels: set[int] = set()
        self._semantics: list[dict[str, float]] = []
        self._times: list[float] = []
        self._awaiting_picture: list[FrameResult] = []
        self.picture: np.ndarray | None = None
        self._needs_picture = draw or video or pictures_every > 0
        self._error: Exception | None = None
        self._place_for = OutputPlace(self.folder, source, name=self.name)
        self._reserve: DiskReserve | None = None
        self._json: CocoJsonWriter | None = None
        try:
            self._reserve = DiskReserve(self.folder / f'.{self.name}.reserve')
            self._writers = self._open_writers(
                formats, video=video, pictures_every=pictures_every, masks=masks
            )
            self._open_views(page=page, rerun=rerun)
        except OSError as error:
            self._give_back()
            raise write_error(self.folder, error) from error
        except BaseException:
            self._give_back()
            raise
        self._queue: queue.Queue[FrameResult | None] = queue.Queue(QUEUE_FRAMES)
        self._thread = threading.Thread(target=self._work, name='result-writer', daemon=True)
        self._thread.start()
        self._closed = False

    def _open_writers(
        self,
        formats: Sequence[str],
        *,
        video: bool,
        pictures_every: int,
        masks: bool,
    ) -> dict[str, ResultWriter]:
        name, fps = self.name, self.source.fps
        writers: dict[str, ResultWriter] = {}
        try:
            writers['text'] = MotTextWriter(self._place_for.path(f'{name}.txt'))
            writers['json'] = self._json = CocoJsonWriter(
                self._place_for.path(f'{name}.json'),
                video=name,
                fps=fps,
            )
            for kind in dict.fromkeys(formats):
                path = self._place_for.path(f'{name}{extra_format(kind).ending}')
                facts = VideoFacts(name, fps, self.source.path)
                writers[kind] = extra_format(kind).make(path, facts)
            if masks:
                writers['label maps'] = LabelMapWriter(self._place_for.path(f'{name}_masks'))
                writers['mots'] = MotsTextWriter(self._place_for.path(f'{name}_mots.txt'))
            if video:
                writers['video'] = VideoWriter(self._place_for.path(f'{name}_tracked.mp4'), fps)
            if pictures_every:
                folder = self._place_for.path(f'{name}_pictures')
                writers['pictures'] = PictureWriter(folder, every=pictures_every)
        except BaseException:
            for writer in writers.values():
                writer.discard()
            raise
        return writers

    def _open_views(self, *, page: bool, rerun: str | Path | None) -> None:
        """Open what is looked at elsewhere: in the browser, in Rerun's viewer."""
        try:
            if page:
                path = self._place_for.path(f'{self.name}.html')
                self._writers['page'] = PageWriter(path, self.source)
            if rerun is not None:
                self._writers['rerun'] = RerunWriter(rerun, name=self.name)
        except BaseException:
            for writer in self._writers.values():
                writer.discard()
            raise

    def _give_back(self) -> None:
        if self._reserve is not None:
            self._reserve.release()
        self._place_for.release()

    def write(self, result: FrameResult) -> None:
        """Hand over a frame; it is drawn and written in the background.

        Raises:
            OutputError: Writing this or an earlier frame failed. Close to keep what is valid.
        """
        while self._error is None:
            try:
                # With a time limit, so that a writer that failed meanwhile does not block us.
                self._queue.put(result, timeout=0.2)
                return
            except queue.Full:
                continue
        self._raise()

    def _work(self) -> None:
        while (result := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._write(result)
                except Exception as error:  # raised again in the caller's thread
                    self._error = error

    def _write(self, result: FrameResult) -> None:
        if self._classes is not None:
            result = replace(result, classes=self._classes)
        self._labels.update(result.labels.tolist())
        if self._needs_picture:
            self.picture = self.annotator.annotate(
                result.image,
                boxes=result.boxes,
                ids=result.ids,
                scores=result.scores,
                semantics=result.semantics,
                masks=result.masks,
                # One class alone says nothing about a track.
                names=result.class_names if len(self._labels) > 1 else None,
            )
            if self.picture is None:
                self._awaiting_picture.append(result)
            elif self._awaiting_picture:
                # Frames before the first readable one: only now their size is known.
                stand_in = unreadable_frame(np.zeros_like(self.picture))
                for earlier in self._awaiting_picture:
                    self._write_picture(earlier, stand_in)
                self._awaiting_picture.clear()
        for kind in WITHOUT_PICTURE:
            if kind in self._writers:
                self._writers[kind].write(result, None)
        if self.picture is not None:
            self._write_picture(result, self.picture)
        self._semantics.append(result.semantics)
        self._times.append(result.time)
        self.frames += 1

    def _write_picture(self, result: FrameResult, picture: np.ndarray) -> None:
        for kind, writer in self._writers.items():
            if isinstance(writer, VideoWriter):
                writer.pixel_aspect = self.source.pixel_aspect  # known since the first frame
            if kind not in WITHOUT_PICTURE:
                writer.write(result, picture)

    def _raise(self) -> None:
        if isinstance(self._error, OutputError):
            raise self._error
        raise OutputError(f'writing the results failed: {self._error}') from self._error

    def close(self, *, complete: bool = True, incomplete: str | None = None) -> dict[str, Path]:
        """Complete all files.

        Args:
            complete: Whether the whole source was tracked; noted in the JSON.
            incomplete: What is missing of the source itself, which makes the results incomplete
                too; by default what it says.

        Returns:
            `files`.

        Raises:
            OutputError: A file could not be written or completed; the others are.
        """
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()
            incomplete = incomplete or self.source.incomplete
            if incomplete:
                self.info['incomplete'] = incomplete
            try:
                self._close_writers(complete=complete and not incomplete)
            finally:
                self._give_back()
            if self._error is not None:
                self._raise()
        return self.files

    def _close_writers(self, *, complete: bool) -> None:
        # The space kept back is what the ends of the files need when the disk is full.
        if self._reserve is not None:
            self._reserve.release()
        for kind, writer in self._writers.items():
            if writer is not self._json:
                self._close_writer(kind, writer)
        if any('quality' in frame or 'semantic_weight' in frame for frame in self._semantics):
            path = self.folder / f'{self.name}_quality.png'
            try:
                plot_quality(self._semantics, path, times=self._times, title=self.name)
                self.files['curve'] = path
            except OSError as error:
                self._error = self._error or write_error(path, error)
        if self._json is not None:
            files = {kind: path.name for kind, path in self.files.items()}
            self._json.complete = complete and self._error is None
            self._json.info = {**self.info, 'files': files, **self._place_for.identity}
            self._close_writer('json', self._json)

    def _close_writer(self, kind: str, writer: ResultWriter) -> None:
        try:
            writer.close()
        except OutputError as error:
            self._error = self._error or error
        if writer.kept:
            self.files[kind] = writer.path
        if writer.remark is not None:
            self.remarks.append(writer.remark)

    def __enter__(self) -> TrackOutputs:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
            return
        with contextlib.suppress(OutputError):  # the first error is already on its way
            self.close(complete=False)
