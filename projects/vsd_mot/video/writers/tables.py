"""Tracks as tables: CSV and Parquet, a row a box."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from ...extras import needed
from ..results import FrameResult
from .base import ResultWriter
from .facts import VideoFacts
from .records import RecordFile

COLUMNS = (
    'frame', 'time', 'track', 'label', 'class', 'x_min', 'y_min', 'x_max', 'y_max', 'score',
    'damage',
)  # fmt: skip
ROWS_A_GROUP = 20_000  # of a Parquet file, which are held in memory


def table_columns(result: FrameResult) -> dict[str, list]:
    """Return the rows of a frame by column.

    ``frame`` is its number in MOTChallenge files, ``time`` in seconds, boxes in pixels, ``damage``
    what is wrong with the picture (the tracks are then where they should be by now).
    """
    count = len(result)
    columns = dict(
        frame=[result.number] * count,
        time=[round(result.time, 4)] * count,
        track=result.ids.tolist(),
        label=result.labels.tolist(),
        score=[round(score, 4) for score in result.scores.tolist()],
        damage=[result.damage] * count,
    )
    columns['class'] = result.class_names
    corners = zip(('x_min', 'y_min', 'x_max', 'y_max'), result.boxes.astype(float).round(2).T)
    columns.update({name: values.tolist() for name, values in corners})
    return {name: columns[name] for name in COLUMNS}


class CsvWriter(ResultWriter):
    """A CSV file with a head line; columns as :func:`table_columns` says.

    Args:
        path: The file.
        facts: Of the video; not used.
    """

    def __init__(self, path: str | Path, facts: VideoFacts) -> None:
        super().__init__(path)

    def _open(self) -> None:
        self._records = RecordFile(self.partial)
        self._records.append(','.join(COLUMNS) + '\n')

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if len(result):
            text = io.StringIO()
            csv.writer(text, lineterminator='\n').writerows(zip(*table_columns(result).values()))
            self._records.append(text.getvalue())

    def _finish(self) -> bool:
        self._records.close()
        return True


class ParquetWriter(ResultWriter):
    """A Parquet file of the same columns, typed; its metadata has the video's name and frame rate.

    It gets rows in groups, so that memory stays small; without its end it cannot be read, so that a
    full disk leaves no file.

    Args:
        path: The file.
        facts: Of the video.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """

    def __init__(self, path: str | Path, facts: VideoFacts) -> None:
        self.facts = facts
        self._rows: dict[str, list] = {name: [] for name in COLUMNS}
        self._arrow: Any = needed('pyarrow', extra='tables', by='Parquet')
        self._parquet: Any = needed('pyarrow.parquet', extra='tables', by='Parquet')
        super().__init__(path)

    def _open(self) -> None:
        arrow = self._arrow
        kinds = dict.fromkeys(COLUMNS, arrow.float32())
        kinds.update(frame=arrow.int64(), time=arrow.float64(), track=arrow.int64())
        kinds.update({'label': arrow.int32(), 'class': arrow.string(), 'damage': arrow.string()})
        self._schema = arrow.schema(
            kinds.items(), metadata=dict(video=self.facts.name, fps=f'{self.facts.fps:g}')
        )
        self._writer = self._parquet.ParquetWriter(self.partial, self._schema)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        for name, values in table_columns(result).items():
            self._rows[name] += values
        if len(self._rows['frame']) >= ROWS_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        self._writer.write_table(self._arrow.table(self._rows, schema=self._schema))
        self._rows = {name: [] for name in COLUMNS}

    def _finish(self) -> bool:
        try:
            if self._rows['frame']:
                self._write_group()
            self._writer.close()
        except BaseException:
            self.partial.unlink(missing_ok=True)
            raise
        return True
