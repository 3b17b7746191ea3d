"""Detections for the frames of a video: from files, from memory, or from a detector as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..datasets.proposals import ProposalStore
from ..datasets.tracks import read_tracks
from ..errors import DataFileError, MotTextError, ProposalError
from ..mot_layout import natural_key
from ..mot_text import read_mot_rows
from ..video.damage import UNSEEN
from ..video.sources import FolderSource, Frame, FrameSource
from .detections import MAX_DETECTIONS, Detections, as_detections

# What `track_video` takes as `proposals`; those of a frame in any form of `as_detections`.
ProposalsLike = str | Path | Mapping[int, Any] | Iterable[Any] | Callable[[np.ndarray], Any]
Proposals = tuple[np.ndarray, np.ndarray]  # boxes (P, 4) and scores (P,) of a frame
MIN_SCORE = 0.05  # the published model uses every proposal above it


def read_proposals(
    path: str | Path, source: FrameSource, min_score: float = MIN_SCORE
) -> Mapping[int, Proposals | Detections]:
    """Return detections of a video by the position of the frame, from 0.

    Args:
        path: A MOTChallenge det file (`frame,-1,x,y,w,h,score`, frames as `Frame.number`); a
            COCO-style JSON or CVAT's XML, whose classes are taken, too; or a proposal file of this
            package. Those that may hold many videos are searched for this one.
        source: The video they are for.
        min_score: Detections at or below it are left out. Raising it gives the tracker fewer false
            boxes and fewer people who are hard to see.

    Raises:
        ProposalError: The file cannot be read, or does not hold this video.
    """
    path = Path(path)
    if not path.is_file():
        raise ProposalError(f'the proposal file {path} does not exist')
    if path.suffix.lower() in ('.txt', '.csv'):
        return _read_detections(path, source, min_score)
    if path.suffix.lower() in ('.json', '.xml'):
        return _read_tracks(path, source, min_score)
    try:
        store = ProposalStore(path)
    except ValueError as error:
        where = '' if str(path) in str(error) else f'{path} is damaged: '
        raise ProposalError(f'{where}{error} (MOTChallenge det files end in .txt)') from error
    return StoredProposals(store, _frame_keys(store, source), min_score)


def _read_detections(path: Path, source: FrameSource, min_score: float) -> dict[int, Proposals]:
    try:
        rows = read_mot_rows(path, smallest_side=1e-3)
        scores = rows.column(7, 1)
    except MotTextError as error:
        raise ProposalError(str(error)) from error
    if not len(rows):
        raise ProposalError(f'{path} holds no detections')
    if wrong := [(row, s) for row, s in enumerate(scores.tolist()) if not 0 <= s <= 1]:
        raise ProposalError(
            f'{rows.where(wrong[0][0])}: the score {wrong[0][1]:g} is not from 0 to 1, as those of '
            f'{len(wrong)} of {len(rows)} detections (-1 means unknown; others are logits or per '
            'cent): write probabilities, or 1 where they are unknown'
        )
    if not (scores > min_score).any():
        raise ProposalError(f'{path}: no detection has a score above {min_score:g}')
    counts = np.unique(rows.frames, return_counts=True)[1]
    if counts.max() > MAX_DETECTIONS:
        raise ProposalError(
            f'{path} has {counts.max()} detections in one frame, at most {MAX_DETECTIONS} can be '
            'tracked from: leave out those with low scores'
        )
    last = int(rows.frames.max())
    length = None if source.length_is_guess else source.length
    numbers = source.numbers or range(1, (length or last) + 1)
    positions = {number: position for position, number in enumerate(numbers)}
    if unknown := sorted(set(rows.frames.tolist()) - set(positions)):
        raise ProposalError(
            f'{path} has frame {unknown[0]}, but {source.name} has {len(numbers)} frames, numbers '
            f'{min(numbers)} to {max(numbers)}: it belongs to another video, or images are missing'
        )
    chosen = scores > min_score
    frames, boxes = rows.frames[chosen], rows.boxes[chosen].copy()
    boxes[:, 2:] += boxes[:, :2]
    boxes, scores = boxes.astype(np.float32), scores[chosen].astype(np.float32)
    return {
        positions[frame]: (boxes[frames == frame], scores[frames == frame])
        for frame in np.unique(frames).tolist()
    }


def _read_tracks(path: Path, source: FrameSource, min_score: float) -> dict[int, Detections]:
    try:
        tables = read_tracks(path)
    except (DataFileError, MotTextError) as error:
        raise ProposalError(str(error)) from error
    if len(tables) > 1:
        tables = [table for table in tables if table.name == source.name]
    if len(tables) != 1:
        raise ProposalError(
            f'{path} has several videos, and {len(tables)} are called {source.name}'
        )
    (table,) = tables
    last = max((frame.index for frame in table.frames), default=-1)
    if not source.length_is_guess and source.length is not None and last >= source.length:
        raise ProposalError(
            f'{path} has frame {last + 1}, but {source.name} has {source.length} frames: it '
            'belongs to another video'
        )
    names = dict(enumerate(table.classes))
    chosen = (table.scores > min_score) & ~table.ignored
    detections = {}
    for row in np.unique(table.rows[chosen]).tolist():
        here = chosen & (table.rows == row)
        columns = (table.boxes[here], table.scores[here], table.labels[here])
        frame = table.frames[row]
        where = f'{path}, frame {frame.number}'
        detections[frame.index] = as_detections(columns, where)._replace(names=names)
    return detections


class StoredProposals(Mapping):
    """Detections of one video in a proposal file, read as they are asked for.

    Args:
        store: The file.
        keys: The key of each frame in it.
        min_score: Detections at or below it are left out.
    """

    def __init__(self, store: ProposalStore, keys: list[str], min_score: float) -> None:
        self.store = store
        self.keys_of_frames = keys
        self.min_score = min_score

    def __getitem__(self, frame: int) -> Proposals:
        if not 0 <= frame < len(self.keys_of_frames):
            raise KeyError(frame)
        boxes, scores = self.store[self.keys_of_frames[frame]]
        chosen = scores > self.min_score
        return boxes[chosen], scores[chosen]

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.keys_of_frames)))

    def __len__(self) -> int:
        return len(self.keys_of_frames)


class VideoProposals:
    """Detections of a video, whatever form they come in, frame by frame.

    Args:
        proposals: A file of :func:`read_proposals`; a mapping from the position of a frame (from 0)
            to its detections, none for frames without an entry; a list or another iterable with
            those of each frame in order; or a function from a frame's picture, (H, W, 3) uint8 BGR,
            to them. Detections of a frame have any form of :func:`as_detections`.
        source: The video.

    Attributes:
        names: Names of classes by label, as far as the detections said them.

    Raises:
        ProposalError: A file cannot be read, or does not hold this video, or the form is another.
    """

    def __init__(self, proposals: ProposalsLike, source: FrameSource) -> None:
        self.source = source
        self.names: dict[int, str] = {}
        if isinstance(proposals, str | Path):
            proposals = read_proposals(proposals, source)
        elif isinstance(proposals, Sequence):
            proposals = dict(enumerate(proposals))
        self._by_position = proposals if isinstance(proposals, Mapping) else None
        self._detect: Callable[[np.ndarray], Any] | None = None
        self._stream: Iterator[Any] | None = None
        if self._by_position is not None:
            return
        if isinstance(proposals, Iterable) and not isinstance(proposals, np.ndarray):
            self._stream = iter(proposals)
        elif callable(proposals):
            self._detect = proposals
        else:
            raise ProposalError(
                f'proposals are {type(proposals).__name__}: give a file, a mapping or list of the '
                "frames' detections, or a function from a picture to its detections"
            )

    def of(self, frame: Frame) -> Detections:
        """Return the detections of a frame; frames must be asked for in order.

        Raises:
            ProposalError: They cannot be used, or end before the video does.
        """
        where = f'the detections of frame {frame.number}'
        size = None if frame.image is None else (frame.image.shape[1], frame.image.shape[0])
        detections = as_detections(self._find(frame), where, size)
        self.names.update(detections.names)
        return detections

    def _find(self, frame: Frame) -> Any:
        if self._by_position is not None:
            stored = self._by_position
            if isinstance(stored, StoredProposals) and frame.index >= len(stored):
                raise ProposalError(
                    f'{stored.store.path} has {len(stored)} frames of the video, which has more: '
                    'make the proposals on the video that is tracked'
                )
            return stored.get(frame.index)
        if self._stream is not None:
            try:
                return next(self._stream)
            except StopIteration:
                raise ProposalError(
                    f'the detections end before frame {frame.number} of {self.source.name}: there '
                    'must be an entry, which may be None, for every frame'
                ) from None
        if self._detect is None or frame.image is None or frame.damage in UNSEEN:
            return None
        return self._detect(frame.image)

    def judge_end(self, count: int) -> None:
        """See after the last frame whether the detections end with the video.

        Raises:
            ProposalError: There are some for later frames.
        """
        if self._by_position and (last := max(self._by_position)) >= count:
            raise ProposalError(
                f'there are proposals for frame {last + 1}, and {self.source.name} ends after '
                f'frame {count}: do they belong to another video?'
            )


def _frame_keys(store: ProposalStore, source: FrameSource) -> list[str]:
    """Return the keys of a video's frames, in order.

    The folder of the keys is matched with the path of the images; for a video file, with its name.
    """
    folders: dict[str, list[str]] = {}
    for key in store:
        folders.setdefault(key.rpartition('/')[0], []).append(key)
    if isinstance(source, FolderSource):
        parts = source.files[0].resolve().parent.parts
        fitting = [name for name in folders if (p := tuple(name.split('/'))) == parts[-len(p) :]]
    else:
        fitting = [name for name in folders if source.name in name.split('/')]
    fitting = fitting or (list(folders) if len(folders) == 1 else [])
    if len(fitting) != 1:
        raise ProposalError(
            f'{store.path} holds {len(folders)} videos and {len(fitting)} of them fit '
            f'{source.name}: {", ".join(sorted(folders)[:5])}'
        )
    keys = sorted(folders[fitting[0]], key=natural_key)
    if isinstance(source, FolderSource):
        by_name = {key.rpartition('/')[2]: key for key in keys}
        if missing := [file.name for file in source.files if file.name not in by_name]:
            raise ProposalError(
                f'{store.path} lacks {len(missing)} frames of {source.name}, such as {missing[0]}'
            )
        return [by_name[file.name] for file in source.files]
    if source.length not in (None, len(keys)) and not source.length_is_guess:
        raise ProposalError(
            f'{store.path} has {len(keys)} frames of {source.name}, the video {source.length}'
        )
    return keys
