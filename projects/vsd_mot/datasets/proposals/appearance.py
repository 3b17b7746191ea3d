"""Appearance files: a vector for every proposal of a proposal file, beside it.

Layout of a file (little endian)::

    b'VSDAPPR1' | uint64 length of the header | header, JSON in UTF-8 | float16 (P, D) | SHA-256

The header has ``version``, ``count`` (P), ``width`` (D), ``proposals`` (SHA-256 of the proposal
file) and ``meta``: the encoder that made the vectors. Row i belongs to the i-th proposal.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ...fileio import file_sha256, open_new, require_writable
from ...locks import FileLock
from .sealing import SEAL_BYTES, is_sealed, seal
from .store import ProposalStore

MAGIC = b'VSDAPPR1'
VERSION = 2
_MAX_HEADER = 1 << 20
_ITEM = np.dtype('<f2').itemsize


class AppearanceStore:
    """Read-only, memory-mapped view of an appearance file.

    Args:
        path: The file.
        proposals: The proposal file that it belongs to.

    Attributes:
        width: Numbers of a vector, D.
        meta: What the vectors were made with.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is damaged, or was made for another proposal file.
    """

    def __init__(self, path: str | Path, proposals: ProposalStore) -> None:
        self.path = str(path)
        self.proposals = proposals
        self._checked = False
        self._open()

    def _open(self) -> None:
        if not os.path.isfile(self.path):
            raise FileNotFoundError(
                f'there is no appearance file {self.path}: the tracker needs a vector of each '
                'detection. Make them with tools/dataset_converters/make_appearance.py'
            )
        with open(self.path, 'rb') as file:
            header, start = read_header(file, self.path)
        self.width, self.meta = header['width'], header['meta']
        if header['proposals'] != file_sha256(self.proposals.path):
            raise ValueError(
                f'{self.path} was made for other proposals than {self.proposals.path}: make it '
                'again (tools/dataset_converters/make_appearance.py)'
            )
        shape = (header['count'], self.width)
        if os.path.getsize(self.path) != start + _ITEM * shape[0] * shape[1] + SEAL_BYTES:
            raise ValueError(f'{self.path} is damaged: it has the wrong length. Make it again')
        if not self._checked and not is_sealed(self.path):
            raise ValueError(
                f'{self.path} is damaged: its content is not what was written. Make it again'
            )
        self._checked = True
        self._vectors = np.zeros(shape, '<f2')
        if self._vectors.size:
            self._vectors = np.memmap(self.path, '<f2', mode='r', offset=start, shape=shape)

    def __getstate__(self) -> dict:
        # A memory map would be pickled with all its content; workers open the file themselves.
        return dict(path=self.path, proposals=self.proposals)

    def __setstate__(self, state: dict) -> None:
        self.path, self.proposals = state['path'], state['proposals']
        self._checked = True  # by the process that it comes from
        self._open()

    def rows(self, rows: np.ndarray | slice) -> np.ndarray:
        """Vectors of some proposals, a copy, ``(n, D)`` float32.

        Raises:
            ValueError: If they are not finite.
        """
        vectors = np.asarray(self._vectors[rows], dtype=np.float32)
        if not np.isfinite(vectors).all():
            raise ValueError(f'{self.path} holds vectors that are not finite numbers')
        return vectors

    def __getitem__(self, key: str) -> np.ndarray:
        """Vectors of a frame's proposals, ``(n, D)`` float32, in their order."""
        return self.rows(self.proposals.span(key))


def make_appearance(
    proposals: ProposalStore,
    out: str | Path,
    encode: Callable[[str, np.ndarray], np.ndarray],
    *,
    width: int,
    meta: dict,
) -> int:
    """Make the vectors of all proposals; a call that follows a kill goes on where that one stopped.

    Args:
        proposals: The proposal file.
        out: The appearance file. It grows as ``OUT.part`` until it is whole.
        encode: Gives the vectors ``(n, D)`` of boxes ``(n, 4)`` in the frame of a key.
        width: Numbers of a vector, D.
        meta: What the vectors are made with; goes into the file.

    Returns:
        How many frames were done in this call.

    Raises:
        ValueError: If the file or its part was made otherwise, or vectors have another width or
            leave the range of half precision.
        BusyError: If another process is making it.
        OSError: If it cannot be written.
    """
    out = Path(out)
    require_writable(out)
    with FileLock(out.with_name(f'.{out.name}.lock'), str(out)):
        return _make(proposals, out, encode, width=width, meta=meta)


def _make(
    proposals: ProposalStore,
    out: Path,
    encode: Callable[[str, np.ndarray], np.ndarray],
    *,
    width: int,
    meta: dict,
) -> int:
    header = dict(
        version=VERSION,
        count=proposals.num_proposals,
        width=width,
        proposals=file_sha256(proposals.path),
        meta=meta,
    )
    if out.is_file():
        _require_same(out, header)
        return 0
    part = out.with_name(f'{out.name}.part')
    text = json.dumps(header).encode()
    start = len(MAGIC) + 8 + len(text)
    if part.is_file() and not part.is_symlink() and part.stat().st_size >= start:
        _require_same(part, header)
        rows = (part.stat().st_size - start) // (_ITEM * width)
    else:
        part.parent.mkdir(parents=True, exist_ok=True)
        with open_new(part) as file:
            file.write(MAGIC + len(text).to_bytes(8, 'little') + text)
        rows = 0
    keys = list(proposals)
    todo = [key for key in keys if proposals.span(key).stop > rows]
    whole = proposals.span(todo[0]).start if todo else rows
    with part.open('r+b') as file:
        file.truncate(start + _ITEM * width * whole)
        file.seek(0, os.SEEK_END)
        for key in tqdm(todo, unit='frame', desc='appearance', mininterval=5):
            boxes, _ = proposals[key]
            vectors = np.asarray(encode(key, boxes), dtype='<f2')
            if vectors.shape != (len(boxes), width):
                raise ValueError(
                    f'the encoder gave {vectors.shape} for {len(boxes)} boxes of {key}, not '
                    f'{(len(boxes), width)}'
                )
            if not np.isfinite(vectors).all():
                raise ValueError(f'the vectors of {key} are not finite in half precision')
            file.write(vectors.tobytes())
    seal(part)
    os.replace(part, out)
    return len(todo)


def _require_same(path: Path, wanted: dict) -> None:
    with path.open('rb') as file:
        header, _ = read_header(file, str(path))
    if header != wanted:
        different = sorted(key for key in wanted if header.get(key) != wanted[key])
        raise ValueError(
            f'{path} was made otherwise ({", ".join(different)} differ): delete it, or give '
            'another output file'
        )


def read_header(file, path: str) -> tuple[dict, int]:
    """Read the header of an opened appearance file, and where its vectors start."""
    if file.read(len(MAGIC)) != MAGIC:
        raise ValueError(f'{path} is not an appearance file of this package')
    length = int.from_bytes(file.read(8), 'little')
    if not 0 < length <= _MAX_HEADER:
        raise ValueError(f'{path} is damaged: its header has an impossible length. Make it again')
    try:
        header = json.loads(file.read(length).decode())
    except ValueError:
        header = None
    names = dict(version=int, count=int, width=int, proposals=str, meta=dict)
    if not isinstance(header, dict) or any(
        not isinstance(header.get(name), kind) for name, kind in names.items()
    ):
        raise ValueError(f'{path} is damaged: its header cannot be read. Make it again')
    if header['version'] != VERSION or min(header['count'], header['width']) < 0:
        raise ValueError(f'{path} has a header that this package does not read: make it again')
    return header, len(MAGIC) + 8 + length
