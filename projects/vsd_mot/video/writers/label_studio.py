"""Tracks as a task of Label Studio with predictions, for its template "Video Object Tracking"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..results import class_name
from .coco_json import as_json
from .records import RecordFile
from .relative_boxes import outside_remark, relative_box
from .spooled import SpooledWriter
from .track_spool import TrackBox

BOXES_A_RECORD = 1000


class LabelStudioWriter(SpooledWriter):
    """A task for Label Studio: "Import" in a project whose labelling setup is docs/formats.md's.

    Boxes are percentages of the picture, clipped to it, frames count from 1 by their position;
    where a track pauses, its last box is not ``enabled``. ``data.video`` is the name of the video
    file, which Label Studio wants as an address that it can reach. It has no masks.
    """

    def _append_all(self, records: RecordFile) -> None:
        self._outside = 0
        data = dict(video=self.facts.file_name)
        records.append(
            f'[{{"data": {as_json(data)}, "predictions": [{{"model_version": "VSD-MOT", "result": ['
        )
        comma = ''
        for track, label, boxes in self.spool.tracks():
            keys = self._keys(boxes)
            first = next(keys, None)
            if first is None:
                continue
            head = as_json(
                dict(
                    id=f'track_{track}',
                    type='videorectangle',
                    from_name='box',
                    to_name='video',
                    origin='prediction',
                    meta=dict(text=[str(track)]),
                )
            ).removesuffix('}')
            values = dict(
                framesCount=self.spool.frames,
                duration=round(self.spool.frames / self.facts.fps, 4),
                labels=[class_name(self.spool.names, label)],
            )
            value = as_json(values).removesuffix('}')
            records.append(f'{comma}\n{head}, "value": {value}, "sequence": [\n{first}')
            while some := list(islice(keys, BOXES_A_RECORD)):
                records.append(''.join(f',\n{one}' for one in some))
            records.append(']}}')
            comma = ','
        records.append('\n]}]}]\n')

    def _keys(self, boxes: Iterator[TrackBox]) -> Iterator[str]:
        last: dict | None = None
        for box in boxes:
            key = self._key(box)
            if key is None:
                continue
            if last is not None:
                last['enabled'] = key['frame'] == last['frame'] + 1
                yield as_json(last)
            last = key
        if last is not None:
            last['enabled'] = False
            yield as_json(last)

    def _key(self, box: TrackBox) -> dict | None:
        size = None if box.width is None or box.height is None else (box.width, box.height)
        inside = relative_box((box.x_min, box.y_min, box.x_max, box.y_max), size, self.path)
        if inside is None:
            self._outside += 1
            return None
        x, y, width, height = (round(100 * value, 4) for value in inside)
        return dict(
            frame=box.frame + 1,
            time=round(box.frame / self.facts.fps, 4),
            enabled=True,
            rotation=0,
            x=x,
            y=y,
            width=width,
            height=height,
            score=round(box.score, 4),
        )

    def _remark(self) -> str | None:
        outside = outside_remark(self.path, self._outside)
        return '; '.join(part for part in (super()._remark(), outside) if part) or None
