"""Boxes that come frame by frame and are wanted track by track, kept on the disk."""

from __future__ import annotations

import contextlib
import errno
import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import OutputError
from ...fileio import open_new
from ..results import FrameResult, names_up_to

CACHE_KIB = 8192  # of memory, whatever the length of the video


class TrackBox(NamedTuple):
    """A box of a track.

    Attributes:
        track: Identity.
        frame: Position of the frame, from 0.
        label: Class.
        x_min: In pixels, as the following three.
        y_min: Top.
        x_max: Right.
        y_max: Bottom.
        score: In [0, 1].
        visibility: Visible share.
        ignored: 1 where the object does not count.
        width: Of the picture in pixels; None where it is not known, as the next.
        height: Of the picture.
    """

    track: int
    frame: int
    label: int
    x_min: float
    y_min: float
    x_max: float
    y_max: float
    score: float
    visibility: float
    ignored: int
    width: int | None
    height: int | None


_COLUMNS = ', '.join(TrackBox._fields)


class TrackSpool:
    """A table of boxes in a temporary file, in SQLite's form.

    Memory stays at a few megabytes; the file has about 90 bytes a box.

    Args:
        path: The file, made anew; :meth:`close` removes it.

    Attributes:
        frames: Number of frames up to the last that was added.
        size: (width, height) of the latest picture, None before one is known.
        flat: Boxes without an area, which were left out.
        classes: Names of the classes, as the results have them.
        any_ignored: Whether an object does not count.

    Raises:
        OSError: The file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.frames = 0
        self.size: tuple[int, int] | None = None
        self.flat = 0
        self.classes: tuple[str, ...] = ()
        self.any_ignored = False
        self._highest_label = -1
        open_new(path).close()
        # Made in one thread, written in another.
        self._table = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for line in (
            'PRAGMA journal_mode = OFF',
            'PRAGMA synchronous = OFF',
            f'PRAGMA cache_size = -{CACHE_KIB}',
            'PRAGMA temp_store = MEMORY',
            f'CREATE TABLE boxes ({_COLUMNS}, PRIMARY KEY (track, frame)) WITHOUT ROWID',
            'BEGIN',
        ):
            self._table.execute(line)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes by label, those without a name by their number."""
        return names_up_to(self.classes, self._highest_label)

    def add(self, result: FrameResult) -> None:
        """Add the tracks of a frame.

        Raises:
            OSError: The disk is full, or fails.
            OutputError: A track is in the frame twice.
        """
        self.frames = max(self.frames, result.index + 1)
        self.size = result.size or self.size
        self.classes = result.classes or self.classes
        self.any_ignored |= bool(result.ignored.any())
        self._highest_label = int(max([self._highest_label, *result.labels]))
        width, height = self.size or (None, None)
        rows = [
            TrackBox(
                track, result.index, label, x1, y1, x2, y2, score, share, ignored, width, height
            )
            for track, label, (x1, y1, x2, y2), score, share, ignored in zip(
                result.ids.tolist(),
                result.labels.tolist(),
                result.boxes.tolist(),
                result.scores.tolist(),
                result.visibility.tolist(),
                result.ignored.tolist(),
            )
        ]
        solid = [row for row in rows if row.x_max > row.x_min and row.y_max > row.y_min]
        self.flat += len(rows) - len(solid)
        marks = ', '.join('?' * len(TrackBox._fields))
        try:
            self._table.executemany(f'INSERT INTO boxes VALUES ({marks})', solid)
        except sqlite3.IntegrityError as error:
            raise OutputError(
                f'frame {result.number} has a track twice ({error}): identities must differ'
            ) from error
        except sqlite3.Error as error:
            raise _os_error(error) from error

    def tracks(self) -> Iterator[tuple[int, int, Iterator[TrackBox]]]:
        """Yield identity, most frequent class and boxes (in order) of each track, by identity.

        A track's boxes have to be taken before the next track.

        Raises:
            OSError: The file cannot be read.
        """
        labels = dict[int, int]()
        try:
            for track, label, _ in self._table.execute(
                'SELECT track, label, COUNT(*) AS count FROM boxes GROUP BY track, label '
                'ORDER BY track, count DESC, MIN(frame)'
            ):
                labels.setdefault(track, label)
            ordered = self._table.execute(f'SELECT {_COLUMNS} FROM boxes ORDER BY track, frame')
            boxes = map(TrackBox._make, ordered)
            for track, of_track in itertools.groupby(boxes, key=lambda box: box.track):
                yield track, labels[track], of_track
        except sqlite3.Error as error:
            raise _os_error(error) from error

    def mixed_tracks(self) -> int:
        """Return how many tracks have boxes of several classes."""
        mixed = 'SELECT 1 FROM boxes GROUP BY track HAVING MIN(label) < MAX(label)'
        return self._table.execute(f'SELECT COUNT(*) FROM ({mixed})').fetchone()[0]

    def close(self) -> None:
        """Remove the file."""
        with contextlib.suppress(sqlite3.Error):
            self._table.close()
        self.path.unlink(missing_ok=True)


def _os_error(error: sqlite3.Error) -> OSError:
    number = errno.ENOSPC if 'full' in str(error) else errno.EIO
    return OSError(number, f'the table of tracks: {error}')
