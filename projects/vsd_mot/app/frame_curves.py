"""Values of every frame, as curves over time."""

from __future__ import annotations

import pandas as pd

from ..video.results import FrameResult

TIME, VALUE, CURVE, TRACKS = 'seconds', 'value', 'curve', 'tracks'
QUALITY_NAMES = {'quality': 'frame quality', 'semantic_weight': 'semantic weight'}


class FrameCurves:
    """The curves of a video, collected frame by frame."""

    def __init__(self) -> None:
        self._quality: list[tuple[float, float, str]] = []
        self._tracks: list[tuple[float, int]] = []

    def add(self, result: FrameResult) -> None:
        """Add the next frame."""
        self._tracks.append((result.time, len(result)))
        self._quality += [
            (result.time, result.semantics[key], name)
            for key, name in QUALITY_NAMES.items()
            if key in result.semantics
        ]

    def quality(self) -> pd.DataFrame:
        """Return `TIME`, `VALUE` in [0, 1] and the name of the `CURVE`, a row for each value.

        It is empty for a model that rates no frames.
        """
        return pd.DataFrame(self._quality, columns=[TIME, VALUE, CURVE])

    def tracks(self) -> pd.DataFrame:
        """Return `TIME` and the number of `TRACKS`, a row for each frame."""
        return pd.DataFrame(self._tracks, columns=[TIME, TRACKS])
