"""Videos with label maps, as the public sets lay them out."""

from __future__ import annotations

import configparser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ...video.label_files import read_label_map
from ...video.mots_rows import read_mots_rows, rows_to_label_map

PICTURES = ('.jpg', '.jpeg', '.png')
IGNORED = 255  # of a label map that goes to the network
MOTS_IGNORED = 10000  # of MOTS: (class 10) * 1000


@dataclass(frozen=True)
class MaskSequence:
    """A video with label maps of some or all of its frames.

    Attributes:
        name: Of the sequence.
        pictures: Files of the frames, in order.
        annotated: Positions of the frames that have a label map.
        read: From a position to the ``(H, W)`` int32 identities; -1 where pixels are ignored.
        fps: Frames per second; None where the set does not say.
    """

    name: str
    pictures: tuple[Path, ...]
    annotated: tuple[int, ...]
    read: Callable[[int], np.ndarray]
    fps: float | None = None

    def picture(self, position: int) -> np.ndarray:
        """Return a frame, (H, W, 3) uint8 BGR."""
        return _read_picture(self.pictures[position])

    def labels(self, position: int) -> np.ndarray:
        """Return the identities of a frame, which must fit its picture."""
        return self.read(position)


def find_sequences(
    root: str | Path, layout: str, split: str | None = None, *, resolution: str = '480p'
) -> list[MaskSequence]:
    """Return the sequences of a set.

    Args:
        root: Folder of the set.
        layout: ``'davis'``: ``JPEGImages/RESOLUTION/NAME/*.jpg``, ``Annotations`` likewise, names
            in ``ImageSets/2017/SPLIT.txt``. ``'youtube_vos'``: ``SPLIT/JPEGImages/NAME/*.jpg``,
            ``SPLIT/Annotations/NAME/*.png``. ``'mots'``: ``SPLIT/NAME/img1/*`` with
            ``SPLIT/NAME/gt/gt.txt`` (MOTS20), or with label maps in ``SPLIT/NAME/labels/*.png``, as
            the synthetic set has them.
        split: Such as ``'train'`` and ``'val'``.
        resolution: Of DAVIS.

    Raises:
        ValueError: There is no such layout, or no sequence in the folder.
    """
    finders = dict(davis=_davis, youtube_vos=_youtube_vos, mots=_mots)
    if layout not in finders:
        raise ValueError(f'layout {layout!r} is none of {", ".join(finders)}')
    root = Path(root)
    sequences = finders[layout](root, split or 'train', resolution)
    if not sequences:
        raise ValueError(
            f'{root}: no sequence with label maps of split {split!r} in the layout {layout!r}; '
            'see vsd_mot.datasets.mask_clips.find_sequences for what is looked for'
        )
    return sequences


def _read_picture(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f'{path}: cannot be read as a picture')
    return picture


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise ValueError(f'{folder}: no such folder of frames')
    return tuple(sorted(one for one in folder.iterdir() if one.suffix.lower() in PICTURES))


def _with_label_folder(
    name: str, *, pictures: Path, labels: Path, fps: float | None = None
) -> MaskSequence:
    """Return a sequence whose label maps have the names of their pictures."""
    frames = _files(pictures)
    places = [labels / f'{frame.stem}.png' for frame in frames]
    annotated = tuple(index for index, place in enumerate(places) if place.is_file())

    def read(position: int) -> np.ndarray:
        identities = read_label_map(places[position])
        if identities.max(initial=0) <= IGNORED:  # of 8 bits, where 255 is void
            return np.where(identities == IGNORED, -1, identities)
        return np.where(identities == MOTS_IGNORED, -1, identities)

    return MaskSequence(name, frames, annotated, read, fps)


def _davis(root: Path, split: str, resolution: str) -> list[MaskSequence]:
    listed = root / 'ImageSets' / '2017' / f'{split}.txt'
    if not listed.is_file():
        raise ValueError(f'{listed}: no such list of the sequences of DAVIS 2017')
    return [
        _with_label_folder(
            name,
            pictures=root / 'JPEGImages' / resolution / name,
            labels=root / 'Annotations' / resolution / name,
        )
        for name in listed.read_text().split()
    ]


def _youtube_vos(root: Path, split: str, resolution: str) -> list[MaskSequence]:
    pictures, labels = root / split / 'JPEGImages', root / split / 'Annotations'
    names = sorted(one.name for one in labels.iterdir()) if labels.is_dir() else []
    return [
        _with_label_folder(name, pictures=pictures / name, labels=labels / name) for name in names
    ]


def _mots(root: Path, split: str, resolution: str) -> list[MaskSequence]:
    folders = (root / split).iterdir() if (root / split).is_dir() else ()
    sequences = []
    for folder in sorted(folders):
        if folder.name.startswith('.') or not (folder / 'img1').is_dir():
            continue
        fps = _frame_rate(folder / 'seqinfo.ini')
        if (folder / 'labels').is_dir():
            sequences.append(
                _with_label_folder(
                    folder.name, pictures=folder / 'img1', labels=folder / 'labels', fps=fps
                )
            )
        elif (folder / 'gt' / 'gt.txt').is_file():
            sequences.append(_with_mots_text(folder, fps))
    return sequences


def _frame_rate(path: Path) -> float | None:
    info = configparser.ConfigParser()
    info.read(path)
    return info.getfloat('Sequence', 'frameRate', fallback=None)


def _with_mots_text(folder: Path, fps: float | None) -> MaskSequence:
    frames = _files(folder / 'img1')
    rows = read_mots_rows(folder / 'gt' / 'gt.txt')
    numbers = [int(frame.stem) for frame in frames]

    def read(position: int) -> np.ndarray:
        masks = rows.get(numbers[position], [])
        if masks:
            return rows_to_label_map(masks)
        return np.zeros(_read_picture(frames[position]).shape[:2], np.int32)

    return MaskSequence(folder.name, frames, tuple(range(len(frames))), read, fps)
