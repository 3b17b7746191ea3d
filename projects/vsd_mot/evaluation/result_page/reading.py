"""Results and ground truth of a video, by the indices of its frames."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ...errors import SourceError
from ...mot_text import read_mot_rows
from ...visualization.pages import PageTracks
from ..mot_files import EvaluationError

CURVES = ('quality', 'semantic_weight')


def read_result(path: Path, name: str, numbers: np.ndarray) -> PageTracks:
    """Read what a tracker has found.

    Args:
        path: MOTChallenge text of any tracker, or the JSON of `vsd-mot track`, which has quality
            and semantic weight as well.
        name: Of the tracker.
        numbers: Numbers of the video's frames in MOTChallenge files, ``(F,)``, rising.

    Raises:
        MotTextError: A line of the text is wrong.
        EvaluationError: The JSON is no result, or there are frames that the video does not have.
    """
    if path.suffix.lower() == '.json':
        return _read_json(path, name, len(numbers))
    rows = read_mot_rows(path)
    rows.require_unique()
    return PageTracks(
        name,
        frames=frame_indices(rows.frames, numbers, path),
        identities=rows.ids,
        boxes=rows.boxes,
        scores=rows.column(7, 1),
    )


def frame_indices(frames: np.ndarray, numbers: np.ndarray, path: Path) -> np.ndarray:
    """Return the indices of frames in the video.

    Args:
        frames: Numbers of frames, ``(n,)``.
        numbers: Those of the video, ``(F,)``, rising.
        path: Where they come from, for the message.

    Raises:
        EvaluationError: The video has no frame of a number.
    """
    places = np.minimum(np.searchsorted(numbers, frames), len(numbers) - 1)
    strange = numbers[places] != frames
    if strange.any():
        raise EvaluationError(
            f'{path} has frame {frames[strange][0]}, and the video has frames {numbers[0]} to '
            f'{numbers[-1]}: they do not belong together, or --max-frames cut the video short'
        )
    return places


def _read_json(path: Path, name: str, length: int) -> PageTracks:
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
        images = {int(one['id']): int(one['frame_id']) for one in content['images']}
        boxes = content['annotations']
        frames = np.array([images[one['image_id']] for one in boxes], np.int64)
        tracks = PageTracks(
            name,
            frames=frames,
            identities=[int(one['instance_id']) for one in boxes],
            boxes=np.array([one['bbox'] for one in boxes], np.float64).reshape(-1, 4),
            scores=np.array([one.get('score', 1) for one in boxes], np.float64),
            curves={key: _curve(content['images'], key, length) for key in CURVES},
        )
    except OSError as error:
        raise SourceError(f'{path} cannot be read: {error.strerror or error}') from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvaluationError(
            f'{path} is no JSON that `vsd-mot track` has written ({type(error).__name__}: {error}):'
            ' give that, or MOTChallenge text'
        ) from error
    _require_usable(tracks, path, length)
    tracks.curves = {key: one for key, one in tracks.curves.items() if np.isfinite(one).any()}
    return tracks


def _curve(images: list[dict], key: str, length: int) -> np.ndarray:
    values = np.full(length, np.nan)
    for one in images:
        if 0 <= int(one['frame_id']) < length and one.get(key) is not None:
            values[int(one['frame_id'])] = float(one[key])
    return values


def _require_usable(tracks: PageTracks, path: Path, length: int) -> None:
    outside = (tracks.frames < 0) | (tracks.frames >= length)
    if outside.any():
        raise EvaluationError(
            f'{path} has frame {tracks.frames[outside][0] + 1}, and the video has {length}: they '
            'do not belong together, or --max-frames cut the video short'
        )
    if not (np.isfinite(tracks.boxes).all() and np.isfinite(tracks.scores).all()):
        raise EvaluationError(f'{path} has boxes or scores that are not finite')
