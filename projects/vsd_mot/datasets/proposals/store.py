"""Proposal files: every detector box of a data set in one memory-mapped file.

Layout of a file (little endian, each section aligned to 64 bytes)::

    b'VSDPROP1' | uint64 length of the header | header, JSON in UTF-8
    keys     uint8   (K,)      the frames' keys, joined by line feeds
    offsets  int64   (N + 1,)  proposals of frame i are offsets[i] .. offsets[i + 1] - 1
    sizes    int32   (N, 2)    height and width of each image, 0 where it is not known
    boxes    float32 (P, 4)    (x_min, y_min, x_max, y_max) in pixels of the image file
    scores   float32 (P,)
    SHA-256 of all that comes before (version 2)

The header has ``version``, ``num_frames``, ``num_proposals``, ``sections`` (name -> offset and
length in bytes) and ``meta``: free information such as the detector and its score threshold.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...data_files import parse_json
from ...fileio import replacing
from .frame_keys import frame_key
from .plausible import implausible
from .sealing import SEAL_BYTES, is_sealed, seal

MAGIC = b'VSDPROP1'
VERSION = 2
UNSEALED_VERSION = 1  # of files that were written before they had a digest
_ALIGNMENT = 64
_MAX_HEADER = 1 << 24
_DTYPES = dict(keys='u1', offsets='<i8', sizes='<i4', boxes='<f4', scores='<f4')


class Detections(NamedTuple):
    """Detector boxes of a frame.

    Attributes:
        boxes: (n, 4) in (x_min, y_min, x_max, y_max) pixels of the image file.
        scores: (n,).
    """

    boxes: np.ndarray
    scores: np.ndarray


class FrameDetections(NamedTuple):
    """A frame of a proposal file.

    Attributes:
        name: Path of the image relative to its data set, see :func:`frame_key`.
        image_size: (height, width) of the image, (0, 0) where it is not known.
        boxes: (n, 4) in (x_min, y_min, x_max, y_max) pixels of the image file.
        scores: (n,).
    """

    name: str
    image_size: tuple[int, int]
    boxes: np.ndarray
    scores: np.ndarray


class ProposalStore:
    """Read-only view of a proposal file; opening reads the names only, boxes are memory-mapped.

    >>> store = ProposalStore('proposals/train.proposals')
    >>> boxes, scores = store['MOT17-02/img1/000001.jpg']

    The file's content is not trusted: its digest must be right, sections must lie apart inside the
    file, counts must agree, keys must be safe relative paths, and the boxes that are read must be
    boxes of a picture.

    Args:
        path: The file.
        unsealed: Take a file of version 1, too, which has no digest: damage in it goes unnoticed.

    Attributes:
        meta: What the writer noted, such as ``detector`` and ``score_thr``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a proposal file, is damaged, or has no digest.
    """

    def __init__(self, path: str | Path, *, unsealed: bool = False) -> None:
        self.path = str(path)
        self._unsealed = unsealed
        self._checked = False
        if not os.path.isfile(self.path):
            raise FileNotFoundError(
                f'there is no proposal file {self.path}: make it with '
                'tools/dataset_converters/make_proposals.py, or convert a det_db JSON or '
                'det/det.txt files with convert_det_db.py'
            )
        self._open()

    def _open(self) -> None:
        header, start = self._read_header()
        size = os.path.getsize(self.path)
        if header['version'] == UNSEALED_VERSION:
            if not self._unsealed:
                raise ValueError(
                    f'{self.path} is of version {UNSEALED_VERSION}, which has no digest, so that '
                    'damage in it cannot be noticed. Make it again; or, where you are sure that '
                    f'it is whole: vsd-mot convert proposals seal {self.path} NEW.proposals'
                )
        else:
            size -= SEAL_BYTES
            if not self._checked and not is_sealed(self.path):
                raise self._damaged('its content is not what was written (its digest is wrong)')
        self._checked = True
        frames, proposals = self._count(header, 'num_frames'), self._count(header, 'num_proposals')
        self.meta = header.get('meta', {})
        shapes = dict(
            offsets=(frames + 1,), sizes=(frames, 2), boxes=(proposals, 4), scores=(proposals,)
        )
        data = np.memmap(self.path, dtype='u1', mode='r')
        arrays, end = {}, start
        for name, dtype in _DTYPES.items():
            try:
                offset, length = header['sections'][name]
            except (KeyError, TypeError, ValueError):
                raise self._damaged(f'its header does not describe the section {name!r}') from None
            if not (isinstance(offset, int) and isinstance(length, int)) or not (
                start <= offset and 0 <= length <= size - offset
            ):
                raise self._damaged(f'its section {name!r} lies outside of the file')
            if offset < end or offset % _ALIGNMENT:
                raise self._damaged(f'its section {name!r} does not begin after the one before')
            end = offset + length
            expected = shapes.get(name, (length,))
            if length != np.dtype(dtype).itemsize * int(np.prod(expected)):
                raise self._damaged(f'its section {name!r} has the wrong length')
            arrays[name] = data[offset : offset + length].view(dtype).reshape(expected)
        self._offsets, self._sizes = np.array(arrays['offsets']), np.array(arrays['sizes'])
        self._boxes, self._scores = arrays['boxes'], arrays['scores']
        if (
            self._offsets[0] != 0
            or self._offsets[-1] != proposals
            or np.any(np.diff(self._offsets) < 0)
        ):
            raise self._damaged('its frame offsets are not in order')
        self._index = self._read_keys(bytes(arrays['keys']), frames)

    def _read_header(self) -> tuple[dict, int]:
        with open(self.path, 'rb') as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise ValueError(f'{self.path} is not a proposal file of this package')
            length = int.from_bytes(file.read(8), 'little')
            if not 0 < length <= _MAX_HEADER:
                raise self._damaged('its header has an impossible length')
            try:
                header = parse_json(file.read(length).decode('utf-8'), str(self.path))
            except ValueError:
                raise self._damaged('its header cannot be read') from None
        if not isinstance(header, dict) or header.get('version') not in (VERSION, UNSEALED_VERSION):
            version = header.get('version') if isinstance(header, dict) else None
            raise ValueError(
                f'{self.path} has the format version {version}, this package reads {VERSION}: '
                'make the proposals again'
            )
        return header, len(MAGIC) + 8 + length

    def _count(self, header: dict, name: str) -> int:
        value = header.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._damaged(f'its header gives {value!r} as {name}')
        return value

    def _read_keys(self, blob: bytes, frames: int) -> dict[str, int]:
        try:
            keys = blob.decode('utf-8').split('\n') if blob else []
            index = {frame_key(key): number for number, key in enumerate(keys)}
        except ValueError as error:
            raise self._damaged(f'one of its frames has an impossible name ({error})') from None
        if len(keys) != frames or len(index) != frames:
            raise self._damaged('its frame names do not agree with its number of frames')
        return index

    def _damaged(self, reason: str) -> ValueError:
        return ValueError(
            f'the proposal file {self.path} is damaged: {reason}. Copy or make it again'
        )

    def __getstate__(self) -> dict:
        # A memory map would be pickled with all its content; workers open the file themselves.
        return dict(path=self.path, unsealed=self._unsealed)

    def __setstate__(self, state: dict) -> None:
        self.path, self._unsealed = state['path'], state['unsealed']
        self._checked = True  # by the process that it comes from
        self._open()

    def __len__(self) -> int:
        """Return number of frames."""
        return len(self._index)

    def __iter__(self) -> Iterator[str]:
        """Keys of the frames in file order."""
        return iter(self._index)

    def __contains__(self, key: str) -> bool:
        return key in self._index

    @property
    def num_proposals(self) -> int:
        """Number of proposals of all frames."""
        return len(self._scores)

    def image_size(self, key: str) -> tuple[int, int]:
        """(height, width) of the image that the proposals were made on, (0, 0) if not known."""
        height, width = self._sizes[self._index[key]]
        return int(height), int(width)

    def span(self, key: str) -> slice:
        """Rows of a frame's proposals among those of the whole file."""
        number = self._index.get(key)
        if number is None:
            raise KeyError(f'the frame {key!r} is not in the proposal file {self.path}')
        return slice(int(self._offsets[number]), int(self._offsets[number + 1]))

    def frame(self, key: str) -> FrameDetections:
        """All that is stored of a frame; errors as of ``store[key]``."""
        detections = self[key]
        return FrameDetections(key, self.image_size(key), detections.boxes, detections.scores)

    def __getitem__(self, key: str) -> Detections:
        """Proposals of a frame.

        Args:
            key: The frame's key.

        Returns:
            Copies, float32.

        Raises:
            KeyError: If the frame is not in the file.
            ValueError: If its boxes or scores cannot be those of a picture.
        """
        span = self.span(key)
        boxes = np.array(self._boxes[span], dtype=np.float32)
        scores = np.array(self._scores[span], dtype=np.float32)
        if fault := implausible(boxes, scores):
            raise self._damaged(f'{key} has {fault}')
        return Detections(boxes, scores)

    def require(
        self,
        keys: Sequence[str],
        *,
        sizes: Sequence[tuple[int, int]] | None = None,
        needed_by: str = 'the data set',
    ) -> None:
        """Make sure that frames are here, and that proposals were made on images of their size.

        Args:
            keys: Keys of the frames.
            sizes: Their (height, width).
            needed_by: Named in the error.

        Raises:
            KeyError: If frames are missing. Names the first ones, their number and the remedy.
            ValueError: If sizes differ.
        """
        missing = [key for key in keys if key not in self._index]
        if missing:
            example = next(iter(self._index), None)
            raise KeyError(
                f'{len(missing)} of {len(keys)} frames of {needed_by} are not in the proposal file '
                f'{self.path}, such as {", ".join(missing[:3])}. Its own frames are named like '
                f'{example}. Make the proposals for this set '
                '(tools/dataset_converters/make_proposals.py continues an incomplete file), or '
                'check that proposal_file belongs to ann_file'
            )
        for key, size in zip(keys, sizes or ()):
            made_on = self.image_size(key)
            if made_on != (0, 0) and made_on != tuple(size):
                raise ValueError(
                    f'the proposals of {key} in {self.path} were made on an image of '
                    f'{made_on[1]} x {made_on[0]} pixels, {needed_by} says {size[1]} x {size[0]}: '
                    'make the proposals on the images that are tracked'
                )


def write_proposals(
    path: str | Path,
    frames: Iterable[FrameDetections | tuple[str, tuple[int, int], np.ndarray, np.ndarray]],
    meta: dict | None = None,
) -> None:
    """Write a proposal file; it appears complete or not at all.

    Args:
        path: The file to write. Its folder is made.
        frames: The frames, or plain tuples in the order of :class:`FrameDetections`. Their order
            is kept.
        meta: JSON-like information about how the proposals were made.

    Raises:
        ValueError: If a frame comes twice, its boxes do not fit its scores, or cannot be boxes of a
            picture.
    """
    keys: dict[str, None] = {}
    sizes, boxes, scores, counts = [], [], [], [0]
    for name, size, frame_boxes, frame_scores in frames:
        key = frame_key(name)
        if key in keys:
            raise ValueError(f'the frame {key} comes twice')
        keys[key] = None
        frame_boxes = np.asarray(frame_boxes, dtype='<f4').reshape(-1, 4)
        frame_scores = np.asarray(frame_scores, dtype='<f4').reshape(-1)
        if len(frame_boxes) != len(frame_scores):
            raise ValueError(f'{key} has {len(frame_boxes)} boxes and {len(frame_scores)} scores')
        if fault := implausible(frame_boxes, frame_scores):
            raise ValueError(f'{key} has {fault}')
        sizes.append(size)
        boxes.append(frame_boxes)
        scores.append(frame_scores)
        counts.append(len(frame_boxes))
    arrays = dict(
        keys=np.frombuffer('\n'.join(keys).encode('utf-8'), dtype='u1'),
        offsets=np.cumsum(counts, dtype='<i8'),
        sizes=np.asarray(sizes, dtype='<i4').reshape(-1, 2),
        boxes=np.concatenate([np.zeros((0, 4), '<f4'), *boxes]),
        scores=np.concatenate([np.zeros(0, '<f4'), *scores]),
    )
    _write_file(Path(path), arrays, meta or {})


def _write_file(path: Path, arrays: dict[str, np.ndarray], meta: dict) -> None:
    sections = {name: [0, array.nbytes] for name, array in arrays.items()}
    header = dict(
        version=VERSION,
        num_frames=len(arrays['sizes']),
        num_proposals=len(arrays['scores']),
        sections=sections,
        meta=meta,
    )
    # The sections' offsets depend on the header's length; room is left for their digits.
    position = _aligned(len(MAGIC) + 8 + len(json.dumps(header)) + 20 * len(arrays))
    first = position
    for name, array in arrays.items():
        sections[name][0] = position
        position = _aligned(position + array.nbytes)
    text = json.dumps(header).encode('utf-8').ljust(first - len(MAGIC) - 8)

    with replacing(path) as partial:
        with partial.open('wb') as file:
            file.write(MAGIC + len(text).to_bytes(8, 'little') + text)
            for name, array in arrays.items():
                file.seek(sections[name][0])
                file.write(np.ascontiguousarray(array).tobytes())
            file.truncate(position)
        seal(partial)


def _aligned(position: int) -> int:
    return -(-position // _ALIGNMENT) * _ALIGNMENT
