"""Videos with label maps, as the public sets lay them out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...fileio import safe_name
from ...images import image_size, read_image
from ...mot_layout import image_folder, list_images, numbered_images, read_seqinfo
from ...mot_text import read_text
from ...video.label_files import read_label_map
from ...video.mots_rows import read_mots_rows, rows_to_label_map

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
        return read_image(self.pictures[position])

    def labels(self, position: int) -> np.ndarray:
        """Return the identities of a frame, which must fit its picture."""
        labels = self.read(position)
        picture = self.pictures[position]
        require_size(labels, image_size(picture)[::-1], f'the label map of {picture}')
        return labels


def require_size(labels: np.ndarray, size: tuple[int, ...], what: str) -> None:
    """Refuse a label map ``(H, W)`` that is not as large as its picture.

    Args:
        labels: The label map.
        size: (height, width) of the picture.
        what: Which one it is, for the message.

    Raises:
        ValueError: It is not.
    """
    if labels.shape != tuple(size):
        raise ValueError(
            f'{what} is {labels.shape[1]} x {labels.shape[0]}, its picture {size[1]} x {size[0]}'
        )


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


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise ValueError(f'{folder}: no such folder of frames')
    return tuple(list_images(folder))


def _with_label_folder(
    name: str, *, pictures: Path, labels: Path, fps: float | None = None
) -> MaskSequence:
    """Return a sequence whose label maps have the names of their pictures."""
    frames = _files(pictures)
    places = [labels / f'{frame.stem}.png' for frame in frames]
    annotated = tuple(index for index, place in enumerate(places) if place.is_file())
    strange = sorted({one.stem for one in list_images(labels)} - {one.stem for one in frames})
    if strange or not annotated:
        why = f'{strange[0]}.png has no picture of its name' if strange else 'there are none'
        raise ValueError(
            f'{labels}: label maps have the names of the pictures in {pictures}: {why}'
        )

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
        for name in map(safe_name, read_text(listed).split())
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
        if folder.name.startswith('.') or not folder.is_dir():
            continue
        pictures = image_folder(folder)
        if not pictures.is_dir():
            continue
        fps = _frame_rate(folder)
        if (folder / 'labels').is_dir():
            sequences.append(
                _with_label_folder(
                    folder.name, pictures=pictures, labels=folder / 'labels', fps=fps
                )
            )
        elif (folder / 'gt' / 'gt.txt').is_file():
            sequences.append(_with_mots_text(folder, pictures, fps))
    return sequences


def _frame_rate(folder: Path) -> float | None:
    text = read_seqinfo(folder).get('framerate')
    try:
        rate = float(text) if text else None
    except ValueError:
        rate = math.nan
    if rate is not None and not 0 < rate < math.inf:
        raise ValueError(f'{folder / "seqinfo.ini"}: frameRate={text} must be a positive number')
    return rate


def _with_mots_text(folder: Path, pictures: Path, fps: float | None) -> MaskSequence:
    images = numbered_images(pictures)
    numbers, frames = list(images), tuple(images.values())
    rows = read_mots_rows(folder / 'gt' / 'gt.txt')
    if unknown := sorted(set(rows) - set(images)):
        raise ValueError(f'{folder}: gt.txt has frame {unknown[0]}, {pictures} has no such image')

    def read(position: int) -> np.ndarray:
        masks = rows.get(numbers[position], [])
        if masks:
            try:
                return rows_to_label_map(masks)
            except ValueError as error:
                raise ValueError(f'{folder / "gt" / "gt.txt"}: {error}') from error
        return np.zeros(image_size(frames[position])[::-1], np.int32)

    return MaskSequence(folder.name, frames, tuple(range(len(frames))), read, fps)
