"""Tracks as a recording for Rerun's viewer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...extras import needed
from ...visualization.palette import colour_of
from ..results import FrameResult
from .base import ResultWriter

JPEG_QUALITY = 80


class RerunWriter(ResultWriter):
    """A recording (.rrd) of pictures, boxes, quality and semantic weight.

    Timelines: `frame`, the number in MOTChallenge files, and `time`, seconds since the first frame.
    Entities: `video` (JPEG), `video/tracks` (boxes, identities as labels),
    `quality`, `semantic_weight`, `tracks` (how many there are).

    Args:
        path: The .rrd file.
        name: Of the recording, as the viewer lists it.
        max_side: Larger pictures are made smaller, boxes with them, until their longer side has
            this many pixels. Raising it makes the file larger.

    Raises:
        MissingExtraError: rerun-sdk is not installed.
    """

    def __init__(self, path: str | Path, *, name: str = 'video', max_side: int = 960) -> None:
        self.name = name
        self.max_side = max_side
        self._rerun = needed('rerun', extra='rerun', by='--rerun')
        self._scale = 1.0
        self._frames = 0
        super().__init__(path)

    def _open(self) -> None:
        self.partial.touch(exist_ok=False)  # rerun's own error does not say why it cannot
        self._recording = self._rerun.RecordingStream('vsd_mot')
        self._recording.save(self.partial)
        self._recording.send_recording_name(self.name)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        self._recording.set_time('frame', sequence=result.number)
        self._recording.set_time('time', duration=result.time)
        if result.image is not None:
            self._scale = min(1.0, self.max_side / max(result.image.shape[:2]))
            self._log('video', self._picture(result.image))
        self._log('video/tracks', self._boxes(result))
        for key in ('quality', 'semantic_weight'):
            if key in result.semantics:
                self._log(key, self._rerun.Scalars(result.semantics[key]))
        self._log('tracks', self._rerun.Scalars(len(result)))
        self._frames += 1

    def _log(self, entity: str, content: Any) -> None:
        self._recording.log(entity, content)

    def _picture(self, image: np.ndarray) -> Any:
        size = (round(image.shape[1] * self._scale), round(image.shape[0] * self._scale))
        if self._scale < 1:
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        jpeg = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
        return self._rerun.EncodedImage(contents=jpeg.tobytes(), media_type='image/jpeg')

    def _boxes(self, result: FrameResult) -> Any:
        ids = result.ids.tolist()
        return self._rerun.Boxes2D(
            array=result.boxes * self._scale,
            array_format=self._rerun.Box2DFormat.XYXY,
            labels=[f'{one}' for one in ids],
            colors=[colour_of(one)[::-1] for one in ids],
        )

    def _finish(self) -> bool:
        self._recording.flush()
        self._recording.disconnect()
        return self._frames > 0
