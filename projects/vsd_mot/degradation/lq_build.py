"""Make a low-quality copy of a set: in parallel, resumable, shared by machines, verified."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from ..data_files import read_json_object
from ..errors import ImageError
from ..fileio import write_atomically
from ..images import image_size, read_image
from ..locks import FileLock
from ..processes import die_with_parent
from .lq_plan import FRAME_MANIFEST, MANIFEST, WHOLE_JOB, LQPlan, SequencePlan, Shard, require_apart
from .profile_camera import ProfileCamera
from .video import VideoDegradation

Frame = tuple[int, int]  # number of the sequence in the plan, number of the frame in it
LOCK = '.make_lq.lock'
# Frames of a sequence go to the shards in runs of this length.
_SHARD_RUN = 32
_JPEG = ('.jpg', '.jpeg')
TIME_RESOLUTION = 2.0  # seconds; of the file systems of memory cards


class _Worker:
    """What a worker process knows: its plan, set when it starts."""

    plan: LQPlan


class LQBuilder:
    """Makes a low-quality copy: ``with LQBuilder(plan) as builder: builder.build()``.

    Args:
        plan: What to make.
        workers: Processes; 1 works in this one. More finish sooner, up to the number of cores.
        shard: The part of the job that this machine does.
        rest: 'copy' or 'link' for the sequences that are not degraded.
        progress: Show progress bars.

    Raises:
        ValueError: If the target overlaps a source, or holds another set.
    """

    def __init__(
        self,
        plan: LQPlan,
        *,
        workers: int = 1,
        shard: Shard = WHOLE_JOB,
        rest: str = 'copy',
        progress: bool = True,
    ) -> None:
        for sequence in plan.sequences:
            require_apart(sequence.source, plan.target)
            require_apart(sequence.source_images, sequence.target_images)
        self.plan, self.workers, self.shard = plan, max(1, workers), shard
        self.rest, self.progress = rest, progress
        self._pool: ProcessPoolExecutor | None = None
        self._threads = cv2.getNumThreads()
        self._check_target()
        # Shards share it: whoever is alone with it knows that what is half written is left over.
        self._lock = FileLock(plan.target / LOCK, f'the set {plan.target}', shared=True)

    def _check_target(self) -> None:
        """Write the set's manifest, or make sure that the one there is of the same set."""
        path = self.plan.target / MANIFEST
        expected = self.plan.manifest()
        if path.exists():
            existing = read_json_object(path)
            existing.pop('complete', None)
            differing = sorted(
                key for key in {*expected, *existing} if expected.get(key) != existing.get(key)
            )
            if differing:
                raise ValueError(
                    f'{self.plan.target} holds another set: its {MANIFEST} differs in '
                    f'{", ".join(differing)}. Repeat the command that began it, or choose '
                    'another DST'
                )
            return
        foreign = [s.target for s in self.plan.sequences if s.target_images.exists()]
        if foreign:
            raise ValueError(
                f'{foreign[0]} exists, but {path} does not: these images were not made by '
                'make_lq. Remove them or choose another DST'
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write_manifest(complete=False)

    def _write_manifest(self, *, complete: bool) -> None:
        data = dict(self.plan.manifest(), complete=complete)
        write_atomically(self.plan.target / MANIFEST, json.dumps(data, indent=2) + '\n')

    def _frames(self) -> Iterator[Frame]:
        for index, sequence in enumerate(self.plan.sequences):
            if sequence.degraded:
                yield from ((index, number) for number in range(len(sequence.frames)))

    def _shard_frames(self) -> list[Frame]:
        return [
            (sequence, number)
            for sequence, number in self._frames()
            if (number // _SHARD_RUN + sequence) % self.shard.count == self.shard.index
        ]

    def _target(self, frame: Frame) -> Path:
        sequence = self.plan.sequences[frame[0]]
        return sequence.target_images / sequence.frames[frame[1]]

    def _source(self, frame: Frame) -> Path:
        sequence = self.plan.sequences[frame[0]]
        return sequence.source_images / sequence.frames[frame[1]]

    def _run(self, function: Callable, frames: list[Frame], title: str) -> list:
        """Apply a module-level function to frames, here or in worker processes."""
        if self.workers == 1:
            _start_worker(self.plan)
            results: Iterator = map(function, frames)
        else:
            results = self._processes().map(function, frames, chunksize=4)
        bar = tqdm(results, total=len(frames), desc=title, unit='frame', disable=not self.progress)
        return list(bar)

    def _processes(self) -> ProcessPoolExecutor:
        """Return the worker processes, started when first needed."""
        if self._pool is None:
            # fork, as PyTorch's data loaders do: importing everything anew takes many seconds.
            methods = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context('fork' if 'fork' in methods else 'spawn')
            self._pool = ProcessPoolExecutor(
                self.workers, context, _start_process, (self.plan, os.getpid())
            )
        return self._pool

    def __enter__(self) -> LQBuilder:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        self._lock.release()
        cv2.setNumThreads(self._threads)

    def build(self) -> dict:
        """Make this shard's frames, and complete the set when all shards' frames are there.

        A frame is made again where the time of its source's last change is another than it was.

        Returns:
            ``made`` and ``kept`` frames of this shard, ``missing`` ones of others.

        Raises:
            RuntimeError: If images are still wrong after they were made again.
        """
        for sequence in self.plan.sequences:
            self._prepare(sequence)
        own_shard = self._shard_frames()
        remaining = [
            frame
            for frame in own_shard
            if not _is_current(self._target(frame), self._source(frame))
        ]
        self._run(_write_degraded, remaining, 'degrading')
        missing = sum(not self._target(frame).exists() for frame in self._frames())
        if not missing:
            self.verify()
        return dict(made=len(remaining), kept=len(own_shard) - len(remaining), missing=missing)

    def _prepare(self, sequence: SequencePlan) -> None:
        """Copy boxes and label maps; copy or link a sequence that is not degraded."""
        sequence.target.mkdir(parents=True, exist_ok=True)
        images = sequence.target_images
        if sequence.degraded:
            images.mkdir(exist_ok=True)
        elif self.rest == 'link' and not images.exists():
            images.symlink_to(sequence.source_images.resolve(), target_is_directory=True)
        elif self.rest == 'copy':
            images.mkdir(exist_ok=True)
            for name in sequence.frames:
                _copy(sequence.source_images / name, images / name)
        _copy(sequence.source / 'seqinfo.ini', sequence.target / 'seqinfo.ini')
        for kind in ('gt', 'labels'):
            for path in sorted((sequence.source / kind).glob('*')):
                if path.is_file():
                    (sequence.target / kind).mkdir(exist_ok=True)
                    _copy(path, sequence.target / kind / path.name)

    def verify(self) -> None:
        """Check every image, make wrong ones again, and write the frames' manifests.

        Raises:
            RuntimeError: If images are missing, or still wrong after they were made again.
        """
        frames = list(self._frames())
        absent = [frame for frame in frames if not self._target(frame).exists()]
        if absent:
            raise RuntimeError(
                f'{len(absent)} of {len(frames)} images are missing, the first is '
                f'{self._target(absent[0])}; run make_lq for the remaining shards'
            )
        faulty = self._faulty(frames)
        if faulty:
            self._run(_write_degraded, faulty, 'repairing')
            faulty = self._faulty(faulty)
        if faulty:
            raise RuntimeError(
                f'{len(faulty)} images are wrong after they were made again, the first is '
                f'{self._target(faulty[0])}; is the disk full or failing?'
            )
        for sequence in self.plan.degraded:
            lines = self.plan.frame_lines(sequence)
            write_atomically(sequence.target / FRAME_MANIFEST, lines)
        self._write_manifest(complete=True)
        if self._lock.alone():
            self._clear_leftovers()

    def _clear_leftovers(self) -> None:
        """Remove what killed processes left half written."""
        folders = {self.plan.target}
        for sequence in self.plan.sequences:
            folders |= {sequence.target, sequence.target_images, sequence.target / 'gt'}
        for folder in folders:
            for path in folder.glob('.*.tmp'):
                path.unlink(missing_ok=True)

    def _faulty(self, frames: list[Frame]) -> list[Frame]:
        intact = self._run(_is_intact, frames, 'verifying')
        return [frame for frame, fine in zip(frames, intact) if not fine]


def _copy(source: Path, target: Path) -> None:
    if source.exists() and not _is_current(target, source):
        changed = source.stat().st_mtime_ns
        _write(target, source.read_bytes(), changed)


def _write(target: Path, content: bytes, changed: int) -> None:
    """Write what was made of a source, with the time of its last change in nanoseconds."""
    write_atomically(target, content, sync=False)
    os.utime(target, ns=(changed, changed))


def _is_current(target: Path, source: Path) -> bool:
    """Whether a file was made of its source as it is now."""
    if not target.exists():
        return False
    return abs(target.stat().st_mtime - source.stat().st_mtime) <= TIME_RESOLUTION


def _start_process(plan: LQPlan, parent: int) -> None:
    die_with_parent(parent)
    _start_worker(plan)


def _start_worker(plan: LQPlan) -> None:
    _Worker.plan = plan
    _camera.cache_clear()
    cv2.setNumThreads(1)  # the processes share the cores


@lru_cache(maxsize=8)
def _camera(index: int) -> VideoDegradation | ProfileCamera:
    return _Worker.plan.camera(_Worker.plan.sequences[index])


def _degraded_bytes(frame: Frame) -> bytes:
    """Return the file contents of a degraded frame."""
    index, number = frame
    sequence = _Worker.plan.sequences[index]
    path = sequence.source_images / sequence.frames[number]
    try:
        image = read_image(path)
    except ImageError as error:
        raise ValueError(f'{error}; copy it again from its archive') from error
    if path.suffix.lower() in _JPEG:
        return _camera(index).to_jpeg(image, number, _Worker.plan.quality)
    return cv2.imencode(path.suffix, _camera(index)(image, number))[1].tobytes()


def _write_degraded(frame: Frame) -> None:
    sequence = _Worker.plan.sequences[frame[0]]
    name = sequence.frames[frame[1]]
    source, target = sequence.source_images / name, sequence.target_images / name
    changed = source.stat().st_mtime_ns
    _write(target, _degraded_bytes(frame), changed)


def _is_intact(frame: Frame) -> bool:
    """Whether a written image is whole and of its source's size.

    The first frame of a sequence is made anew and compared to the byte.
    """
    sequence = _Worker.plan.sequences[frame[0]]
    name = sequence.frames[frame[1]]
    data = (sequence.target_images / name).read_bytes()
    if name.lower().endswith(_JPEG) and not data.endswith(b'\xff\xd9'):
        return False
    if frame[1] == 0 and data != _degraded_bytes(frame):
        return False
    width, height = image_size(sequence.source_images / name)
    if min(width, height) < 8:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        return picture is not None and picture.shape == (height, width)
    # An eighth of the size decodes fast and still reads all of the file. OpenCV rounds the size of
    # a JPEG up, that of other images down.
    small = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    return small is not None and all(
        decoded in (side // 8, -(-side // 8)) for decoded, side in zip(small.shape, (height, width))
    )
