"""Detections for the frames of a video, from a MOTChallenge det file or a proposal file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from ..datasets.proposals import ProposalStore
from ..errors import MotTextError, ProposalError
from ..mot_layout import natural_key
from ..mot_text import read_mot_rows
from ..video.sources import FolderSource, FrameSource

# Boxes (P, 4) in (x_min, y_min, x_max, y_max) px of the original picture, and scores (P,).
Proposals = tuple[np.ndarray, np.ndarray]
MAX_DETECTIONS = 5000  # of a frame: memory and time grow with their square
MIN_SCORE = 0.05  # the published model uses every proposal above it


def read_proposals(
    path: str | Path, source: FrameSource, min_score: float = MIN_SCORE
) -> Mapping[int, Proposals]:
    """Return detections of a video by the position of the frame, from 0.

    Args:
        path: A MOTChallenge det file (`frame,-1,x,y,w,h,score`, frames as `Frame.number`), or a
            proposal file of this package, which may hold many videos.
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


def proposals_of(proposals: Mapping[int, Proposals], frame: int) -> Proposals:
    """Return the detections of a frame: none where a det file, or a mapping, has no entry.

    Args:
        proposals: Of the video.
        frame: Position of the frame, from 0.

    Raises:
        ProposalError: A proposal file, which has an entry for each frame, ends before it.
    """
    if isinstance(proposals, StoredProposals) and frame >= len(proposals):
        raise ProposalError(
            f'{proposals.store.path} has {len(proposals)} frames of the video, which has more: '
            'make the proposals on the video that is tracked'
        )
    return proposals.get(frame, (np.zeros((0, 4), np.float32), np.zeros(0, np.float32)))


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
