"""Write synthetic sequences in MOTChallenge layout: complete or not at all, and resumable."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import secrets
import shutil
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from ...data_files import read_json_object
from ...fileio import write_atomically
from ...locks import FileLock
from ...processes import die_with_parent
from ...video.label_files import write_label_map
from ..descriptions import FILE_NAME
from .description import describe_sequence
from .renderer import Label, SequenceRenderer
from .settings import SyntheticSettings

# This file says that a folder is a synthetic set, and how it was made.
MARKER = 'synthetic.json'
# People with a lower visibility are neither missed nor false when a tracker has them: their rows
# have consider mark 0 and MOT17's class 8 (distractor), which TrackEval treats so.
MIN_VISIBILITY = 0.15
SPLITS = ('train', 'val')
PARTIAL = '.partial-'
LOCK = '.make_synthetic.lock'
# In it, a label map for every frame, beside ``img1``.
LABEL_FOLDER = 'labels'


@dataclass(frozen=True)
class SequenceJob:
    """One sequence to be made.

    Args:
        split: 'train' or 'val'.
        number: From 1 within the split.
    """

    split: str
    number: int

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f'SYN-{self.split[0].upper()}{self.number:02d}'


def make_synthetic_set(
    folder: str | Path, settings: SyntheticSettings, *, workers: int = 1, progress: bool = True
) -> list[Path]:
    """Make a synthetic set, or what is missing of it.

    Args:
        folder: Where to; it gets ``train/`` and ``val/``.
        settings: What to make.
        workers: Number of processes; the result does not depend on it.
        progress: Whether to show a progress bar.

    Returns:
        The folders of all sequences, made now or before.

    Raises:
        ValueError: The folder holds something else, or a set made with other settings.
    """
    if workers < 1:
        raise ValueError(f'workers must be at least 1, got {workers}')
    folder = Path(folder)
    _mark(folder, settings)
    counts = {'train': settings.train_sequences, 'val': settings.val_sequences}
    jobs = [SequenceJob(split, k + 1) for split in SPLITS for k in range(counts[split])]
    _refuse_surplus(folder, jobs)
    targets = [folder / job.split / job.name for job in jobs]
    waiting = [job for job, target in zip(jobs, targets) if not is_whole(target, settings)]
    for job, target in zip(jobs, targets):
        # A set of an earlier version has no descriptions.
        if job not in waiting and not (target / FILE_NAME).is_file():
            write_descriptions(target, job, _renderer(job, settings))
    bar = tqdm(
        total=len(jobs),
        initial=len(jobs) - len(waiting),
        unit='sequence',
        desc=str(folder),
        disable=not progress,
    )
    with FileLock(folder / LOCK, f'the set {folder}', shared=True) as lock, bar:
        if lock.alone():
            _clear_leftovers(folder)
            lock.share()
        if workers == 1 or len(waiting) < 2:
            for job in waiting:
                write_sequence(folder, job, settings)
                bar.update()
        else:
            # A forked worker starts at once; a fresh one imports all of OpenMMLab first.
            methods = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context('fork' if 'fork' in methods else 'spawn')
            with ProcessPoolExecutor(
                min(workers, len(waiting)), context, die_with_parent, (os.getpid(),)
            ) as pool:
                futures = [pool.submit(write_sequence, folder, job, settings) for job in waiting]
                for future in as_completed(futures):
                    future.result()
                    bar.update()
    return targets


def _mark(folder: Path, settings: SyntheticSettings) -> None:
    """Mark the folder as a synthetic set, or see that it is one with the same settings."""
    marker = folder / MARKER
    new = settings.sequence_settings()
    if marker.is_file():
        old = read_json_object(marker)
        different = sorted(k for k in new.keys() | old.keys() if new.get(k) != old.get(k))
        if different:
            changes = ', '.join(f'{k}: {old.get(k)}, now {new.get(k)}' for k in different)
            raise ValueError(
                f'{folder} holds a synthetic set made with other settings ({changes}). '
                'Choose another folder, or delete that one first.'
            )
        return
    # Hidden: another process may be about to begin the same set.
    if folder.exists() and any(not path.name.startswith('.') for path in folder.iterdir()):
        raise ValueError(
            f'{folder} is not empty and holds no {MARKER}: it is not a synthetic set, and is '
            'left as it was. Choose a new or empty folder.'
        )
    write_atomically(marker, json.dumps(new, indent=2) + '\n')


def _refuse_surplus(folder: Path, jobs: list[SequenceJob]) -> None:
    """Refuse a folder with more sequences than the settings have."""
    expected = {(job.split, job.name) for job in jobs}
    for split in SPLITS:
        names = sorted(p.name for p in (folder / split).glob('SYN-*') if p.is_dir())
        surplus = [name for name in names if (split, name) not in expected]
        if surplus:
            raise ValueError(
                f'{folder / split} holds sequences that were not asked for: {", ".join(surplus)}. '
                'Ask for as many sequences as there are, delete those, or choose another folder.'
            )


def write_sequence(folder: Path, job: SequenceJob, settings: SyntheticSettings) -> Path:
    """Make one sequence; it appears under its name only when it is complete.

    Of several processes that make the same one, the first to be done leaves it.

    Args:
        folder: Root of the set.
        job: Which sequence.
        settings: Settings of the set.

    Returns:
        Folder of the sequence.
    """
    cv2.setNumThreads(1)  # tiny pictures, and other processes want the other cores
    target = folder / job.split / job.name
    partial = folder / job.split / f'{PARTIAL}{job.name}-{secrets.token_hex(6)}'
    (partial / 'img1').mkdir(parents=True)
    (partial / 'gt').mkdir()
    renderer = _renderer(job, settings)
    rows = []
    for frame, (image, labels) in enumerate(renderer, start=1):
        path = partial / 'img1' / f'{frame:06d}.jpg'
        quality = [cv2.IMWRITE_JPEG_QUALITY, settings.jpeg_quality]
        if not cv2.imwrite(str(path), image, quality):
            raise OSError(f'cannot write {path}')
        rows += [_row(frame, label) for label in labels]
        if settings.label_maps:
            identities = label_map(labels, image.shape[:2])
            write_label_map(partial / LABEL_FOLDER / f'{frame:06d}.png', identities)
    (partial / 'gt' / 'gt.txt').write_text(''.join(rows))
    (partial / 'seqinfo.ini').write_text(
        '[Sequence]\n'
        f'name={job.name}\n'
        'imDir=img1\n'
        f'frameRate={settings.frame_rate}\n'
        f'seqLength={settings.frames}\n'
        f'imWidth={settings.width}\n'
        f'imHeight={settings.height}\n'
        'imExt=.jpg\n'
    )
    write_descriptions(partial, job, renderer)
    if not is_whole(partial, settings):
        raise OSError(f'{partial} lost files while it was made: is somebody else working in there?')
    _put_in_place(partial, target, settings)
    return target


def is_whole(sequence: Path, settings: SyntheticSettings) -> bool:
    """Whether a sequence has all its frames and its ground truth."""
    names = {path.name for path in (sequence / 'img1').glob('*.jpg')}
    return (
        names == {f'{frame:06d}.jpg' for frame in range(1, settings.frames + 1)}
        and (sequence / 'gt' / 'gt.txt').is_file()
        and (sequence / 'seqinfo.ini').is_file()
    )


def _put_in_place(partial: Path, target: Path, settings: SyntheticSettings) -> None:
    """Give a finished sequence its name, in the place of one that is not whole."""
    if target.is_dir() and not is_whole(target, settings):
        rest = target.with_name(f'{PARTIAL}{target.name}-{secrets.token_hex(6)}')
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            os.rename(target, rest)
        shutil.rmtree(rest, ignore_errors=True)
    try:
        os.rename(partial, target)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        if not is_whole(target, settings):
            raise


def _clear_leftovers(folder: Path) -> None:
    """Remove what killed processes left half made."""
    for split in SPLITS:
        for path in (folder / split).glob(f'{PARTIAL}*'):
            shutil.rmtree(path, ignore_errors=True)


def _renderer(job: SequenceJob, settings: SyntheticSettings) -> SequenceRenderer:
    # The two splits draw from different streams, and a sequence does not depend on how many
    # others there are.
    rng = np.random.default_rng([settings.seed, SPLITS.index(job.split), job.number])
    return SequenceRenderer(
        rng,
        index=job.number - 1,
        frames=settings.frames,
        size=(settings.width, settings.height),
        people=(settings.min_people, settings.max_people),
        frame_rate=settings.frame_rate,
    )


def write_descriptions(folder: Path, job: SequenceJob, renderer: SequenceRenderer) -> None:
    """Write the sentences that are true of a sequence into its folder.

    Who is never visible, and so is not in the ground truth, is not described.
    """
    descriptions = describe_sequence(job.name, renderer)
    rows = (folder / 'gt' / 'gt.txt').read_text().splitlines()
    visible_ids = {int(row.split(',')[1]) for row in rows}
    descriptions.instances = {
        track_id: text
        for track_id, text in descriptions.instances.items()
        if track_id in visible_ids
    }
    descriptions.write(folder / FILE_NAME)


def label_map(labels: list[Label], size: tuple[int, int]) -> np.ndarray:
    """Identity of the person at each pixel: (H, W) uint16, 0 where background has half or more.

    Args:
        labels: The people of the frame.
        size: (H, W) of the frame.
    """
    identities = np.zeros(size, np.uint16)
    for label in labels:
        (x, y), (height, width) = label.corner, label.visible.shape
        identities[y : y + height, x : x + width][label.visible > 0.5] = label.track_id
    return identities


def _row(frame: int, label: Label) -> str:
    """MOT17's columns: frame, id, left, top, width, height, consider, class, visibility."""
    counts = label.visibility >= MIN_VISIBILITY
    box = ','.join(f'{value:g}' for value in label.box)
    mark = '1,1' if counts else '0,8'
    return f'{frame},{label.track_id},{box},{mark},{label.visibility:.4f}\n'
