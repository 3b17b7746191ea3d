"""Tracks as COCO-style JSON."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from ..mots_rows import MotsRow
from ..results import FrameResult, names_up_to
from .base import ResultWriter
from .records import RecordFile


class CocoJsonWriter(ResultWriter):
    """One JSON file in the manner of COCO and MMTracking's CocoVID.

    - `videos`: one entry with `name`, `width`, `height`, `fps`
    - `images`: one entry per frame with `frame_id` (from 0), `mot_frame_id` (its number in
      MOTChallenge files), `time` in seconds, and the model's
      `quality`, `clarity`, `noise`, `contrast`, `semantic_weight` (null where it has none);
      `fault` where the frame could not be read
    - `annotations`: one entry per box with `bbox` [x, y, w, h] in pixels, `score`, and the track
      as `instance_id` (CocoVID) and `track_id` (TAO, BURST); with masks `segmentation` in COCO's
      run lengths, and `area` is the mask's; of ground truth `visibility` and `iscrowd` (ignored)
    - `categories`: ids from 1
    - `info`: what was tracked and with what; `complete` is false when tracking was stopped early

    Annotations go to the file frame by frame; only one short line per frame is kept in memory.

    Args:
        path: The JSON file.
        video: Name of the video.
        fps: Frames per second.
        categories: Names of the classes, in the order of the labels; None takes those of the
            results. A label beyond them is called by its number.
        info: Further entries of `info`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        video: str,
        fps: float,
        categories: tuple[str, ...] | None = None,
        info: dict | None = None,
    ) -> None:
        self.video: dict[str, int | float | str | None] = dict(
            id=1, name=video, width=None, height=None, fps=fps
        )
        self._classes = categories
        self._highest_label = -1
        self.info = dict(info or {})
        self.complete = False
        self._images: list[str] = []
        self._without_size: list[dict] = []  # the first frames, as long as none could be read
        self._annotations = 0
        super().__init__(path)

    def _open(self) -> None:
        self._records = RecordFile(self.partial)
        self._records.append('{\n"annotations": [')

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if result.size is not None:
            self.video['width'], self.video['height'] = result.size
        self._classes = self._classes or result.classes
        self._highest_label = int(max([self._highest_label, *result.labels]))
        annotations = [
            self._annotation(self._annotations + index + 1, result, index)
            for index in range(len(result))
        ]
        if annotations:
            comma = ',' if self._annotations else ''
            self._records.append(comma + ','.join(f'\n{as_json(one)}' for one in annotations))
            self._annotations += len(annotations)
        if self.video['width'] is None:
            self._without_size.append(self._image(result))
        else:
            self._images.append(as_json(self._image(result)))

    def _annotation(self, number: int, result: FrameResult, index: int) -> dict:
        x1, y1, x2, y2 = (float(value) for value in result.boxes[index])
        track = int(result.ids[index])
        entry = dict(
            id=number,
            image_id=result.index + 1,
            video_id=1,
            category_id=int(result.labels[index]) + 1,
            bbox=[round(x1, 2), round(y1, 2), round(x2 - x1, 2), round(y2 - y1, 2)],
            area=round((x2 - x1) * (y2 - y1), 2),
            iscrowd=int(result.ignored[index]),
            score=round(float(result.scores[index]), 4),
            instance_id=track,
            track_id=track,
        )
        if 'visibility' in result.pred_track_instances:
            entry['visibility'] = round(float(result.visibility[index]), 4)
        if result.masks is not None:
            row = MotsRow.of_mask(result.number, track, mask=result.masks[index])
            entry['segmentation'] = dict(size=list(row.size), counts=row.counts)
            entry['area'] = int(result.masks[index].sum())
        return entry

    def _image(self, result: FrameResult) -> dict:
        entry = dict(
            id=result.index + 1,
            video_id=1,
            frame_id=result.index,
            mot_frame_id=result.number,
            file_name=result.name or f'{result.index + 1:06d}.jpg',
            width=self.video['width'],
            height=self.video['height'],
            time=round(result.time, 4),
            quality=None,
            semantic_weight=None,
        )
        entry.update({key: round(value, 4) for key, value in result.semantics.items()})
        if result.fault is not None:
            entry['fault'] = result.fault
        if result.damage is not None:
            entry['damage'] = result.damage
        return entry

    def _finish(self) -> bool:
        size = dict(width=self.video['width'], height=self.video['height'])
        images = [as_json({**one, **size}) for one in self._without_size] + self._images
        info = dict(
            description='tracks made by VSD-MOT',
            date_created=datetime.now(timezone.utc).isoformat(timespec='seconds'),
            frames=len(images),
            complete=self.complete,
            **self.info,
        )
        names = names_up_to(self._classes or ('pedestrian',), self._highest_label)
        categories = [dict(id=label + 1, name=name) for label, name in enumerate(names)]
        self._records.append(
            '\n],\n"images": [\n'
            + ',\n'.join(images)
            + f'\n],\n"videos": [{as_json(self.video)}],\n'
            + f'"categories": {as_json(categories)},\n"info": {as_json(info)}\n}}\n'
        )
        self._records.close()
        return True


def as_json(value: object) -> str:
    """Compact JSON that every reader takes: no NaN, no infinity."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(', ', ': '))
