"""All files that tracking a video leaves, written side by side in a background thread."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from pathlib import Path
from types import TracebackType

import numpy as np

from ..errors import OutputError
from ..fileio import open_new
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
from ..visualization.annotator import TrackAnnotator, unreadable_frame
from ..visualization.quality_plot import plot_quality
from .output_place import OutputPlace

RESERVE_BYTES = 8 << 20
QUEUE_FRAMES = 8
# Writers that need no annotated picture.
WITHOUT_PICTURE = ('text', 'json', 'label maps', 'mots', 'page', 'rerun')


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
        classes: Names of the classes.
        video: Whether to write the annotated video.
        pictures_every: Write every n-th annotated frame as a picture; 0 writes none. Raising it
            writes fewer.
        info: Entries for the JSON's `info`.
        annotator: Draws the frames; None makes one for the source's frame rate.
        draw: Draw frames for `picture` even if neither video nor pictures are written.
        masks: Whether results have masks, to be written as label maps and MOTS text as well.
        page: Whether to write a page for the browser.
        rerun: A recording for Rerun's viewer to write; None writes none.

    Attributes:
        picture: The latest annotated frame, (H, W, 3) uint8 BGR; None before the first.
        files: The completed files by kind, after closing.
        frames: Number of frames written.

    Raises:
        OutputError: The folder cannot be written to, or a file would replace the source, or the
            results of another one.
        BusyError: Another process is writing results of that name.
    """

    def __init__(
        self,
        folder: str | Path,
        source: FrameSource,
        classes: tuple[str, ...] = ('pedestrian',),
        *,
        video: bool = True,
        pictures_every: int = 0,
        info: dict | None = None,
        annotator: TrackAnnotator | None = None,
        draw: bool = False,
        masks: bool = False,
        page: bool = False,
        rerun: str | Path | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.source = source
        self.annotator = annotator or TrackAnnotator(fps=source.fps, min_side=480)
        self.files: dict[str, Path] = {}
        self.frames = 0
        self._semantics: list[dict[str, float]] = []
        self._times: list[float] = []
        self._awaiting_picture: list[FrameResult] = []
        self.picture: np.ndarray | None = None
        self._needs_picture = draw or video or pictures_every > 0
        self._error: Exception | None = None
        self._place_for = OutputPlace(self.folder, source)
        self._reserve: DiskReserve | None = None
        self._json: CocoJsonWriter | None = None
        try:
            self._reserve = DiskReserve(self.folder / f'.{source.name}.reserve')
            self._writers = self._open_writers(
                classes, video=video, pictures_every=pictures_every, info=info, masks=masks
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
        classes: tuple[str, ...],
        *,
        video: bool,
        pictures_every: int,
        info: dict | None,
        masks: bool,
    ) -> dict[str, ResultWriter]:
        name, fps = self.source.name, self.source.fps
        writers: dict[str, ResultWriter] = {}
        try:
            writers['text'] = MotTextWriter(self._place_for.path(f'{name}.txt'))
            writers['json'] = self._json = CocoJsonWriter(
                self._place_for.path(f'{name}.json'),
                video=name,
                fps=fps,
                categories=classes,
                info={**(info or {}), **self._place_for.identity},
            )
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
        name = self.source.name
        try:
            if page:
                path = self._place_for.path(f'{name}.html')
                self._writers['page'] = PageWriter(path, self.source)
            if rerun is not None:
                self._writers['rerun'] = RerunWriter(rerun, name=name)
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
        if self._needs_picture:
            self.picture = self.annotator.annotate(
                result.image,
                boxes=result.boxes,
                ids=result.ids,
                scores=result.scores,
                semantics=result.semantics,
                masks=result.masks,
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
            if self._json is not None and incomplete:
                self._json.info['incomplete'] = incomplete
            try:
                self._close_writers(complete=complete and not incomplete and self._error is None)
            finally:
                self._give_back()
            if self._error is not None:
                self._raise()
        return self.files

    def _close_writers(self, *, complete: bool) -> None:
        # The space kept back is what the ends of the files need when the disk is full.
        if self._reserve is not None:
            self._reserve.release()
        if self._json is not None:
            self._json.complete = complete
        for kind, writer in self._writers.items():
            try:
                writer.close()
            except OutputError as error:
                self._error = self._error or error
            if writer.kept:
                self.files[kind] = writer.path
        if any('quality' in frame or 'semantic_weight' in frame for frame in self._semantics):
            path = self.folder / f'{self.source.name}_quality.png'
            try:
                plot_quality(self._semantics, path, times=self._times, title=self.source.name)
                self.files['curve'] = path
            except OSError as error:
                self._error = self._error or write_error(path, error)

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


class DiskReserve:
    """Space kept back on the disk, so that files can be completed when it is full.

    Args:
        path: A file that holds the space until it is released.
        size: Bytes.

    Raises:
        OSError: There is not that much space.
    """

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self.path = path
        try:
            with open_new(path) as file:
                if hasattr(os, 'posix_fallocate'):
                    os.posix_fallocate(file.fileno(), 0, size)
                else:
                    file.write(bytes(size))
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Give the space back."""
        self.path.unlink(missing_ok=True)
