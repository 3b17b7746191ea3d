"""Tracks as label files of YOLO, one a frame, with identities."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import yaml

from ...errors import OutputError
from ...fileio import safe_name, temporary_beside
from ..results import FrameResult, names_up_to
from .base import ResultWriter
from .facts import VideoFacts
from .relative_boxes import outside_remark, relative_box

DATA_FILE, LABELS = 'data.yaml', 'labels'


class YoloLabelWriter(ResultWriter):
    """A folder with ``labels/NAME_000001.txt`` of each frame that has tracks, and ``data.yaml``.

    Lines are ``class cx cy w h id``, as `yolo track save_txt` writes them: boxes are shares of the
    picture, clipped to it, classes count from 0. Where the pictures are files, label files go by
    their names; else by the frame's number. ``data.yaml`` has the names of the classes.

    Args:
        path: The folder. One that was written before is replaced when this one is whole; one with
            anything else in it is refused.
        facts: Of the video.
    """

    def __init__(self, path: str | Path, facts: VideoFacts) -> None:
        self.facts = facts
        self._classes: tuple[str, ...] = ()
        self._highest_label = -1
        self._frames = self._outside = 0
        self._former: Path | None = None
        super().__init__(path)

    def _open(self) -> None:
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise OSError('there is a file or link of that name; move it away')
        inside = set(os.listdir(self.path)) if self.path.exists() else set()
        if strangers := inside - {DATA_FILE, LABELS}:
            raise OSError(f'it holds {min(strangers)}, which no label file is; move it away')
        (self.partial / LABELS).mkdir(parents=True)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        self._frames += 1
        self._classes = result.classes or self._classes
        self._highest_label = int(max([self._highest_label, *result.labels]))
        lines = []
        for label, box, track in zip(
            result.labels.tolist(), result.boxes.tolist(), result.ids.tolist()
        ):
            inside = relative_box(tuple(box), result.size, self.path)
            if inside is None:
                self._outside += 1
                continue
            x, y, width, height = inside
            middle = f'{x + width / 2:.6f} {y + height / 2:.6f}'
            lines.append(f'{label} {middle} {width:.6f} {height:.6f} {track}\n')
        if lines:
            stem = Path(result.name).stem or f'{self.facts.name}_{result.number:06d}'
            try:
                file = self.partial / LABELS / f'{safe_name(stem, "the name of a picture")}.txt'
            except ValueError as error:
                raise OutputError(f'{self.path}: {error}') from error
            with file.open('x') as labels:  # two pictures of one name would share a file
                labels.writelines(lines)

    def _finish(self) -> bool:
        if not self._frames:
            shutil.rmtree(self.partial)
            return False
        names = names_up_to(self._classes or ('pedestrian',), self._highest_label)
        content = dict(path='.', train='images', val='images', names=dict(enumerate(names)))
        (self.partial / DATA_FILE).write_text(
            yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        )
        self.remark = outside_remark(self.path, self._outside)
        if self.path.exists():
            # A folder does not replace another in one step: the former one makes way.
            self._former = temporary_beside(self.path, '.partial')
            os.replace(self.path, self._former)
        return True

    def _check(self) -> None:
        if self._former is not None:
            shutil.rmtree(self._former)

    def discard(self) -> None:
        """Give up: leave nothing behind, and what had the name before as it was."""
        self._closed = True
        shutil.rmtree(self.partial, ignore_errors=True)
