"""Fill a store with a teacher's features of many images, in several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial

import torch
from mmengine.registry import DefaultScope
from tqdm import tqdm

from ...datasets.transforms import LoadTeacherView, image_key
from ...processes import die_with_parent
from .distillation import SemanticDistillation
from .image_encoder import ImageEncoder
from .teacher_store import TeacherStore


@dataclass
class CachingReport:
    """What became of the images.

    Attributes:
        encoded: Number of images whose features were computed.
        known: Number of images whose features were in the store before.
        unreadable: For each image that could not be read, why.
    """

    encoded: int = 0
    known: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def images(self) -> int:
        """Number of all images."""
        return self.encoded + self.known + len(self.unreadable)

    def add(self, other: CachingReport) -> None:
        """Add the numbers of other images."""
        self.encoded += other.encoded
        self.known += other.known
        self.unreadable += other.unreadable


class CachingWorker:
    """Computes and stores features in one process.

    Args:
        distillation: Arguments of the :class:`SemanticDistillation` that has the teacher.
        folder: The store.
        device: Where the teacher runs.
    """

    def __init__(self, distillation: dict, folder: str, device: str) -> None:
        with DefaultScope.overwrite_default_scope('mmtrack'):
            self.teacher: ImageEncoder = SemanticDistillation(**distillation).teacher(device)
        self.store = TeacherStore(folder, self.teacher)
        self.device = device
        self.view = LoadTeacherView()

    def store_batch(self, paths: Sequence[str]) -> CachingReport:
        """Store the features of some images, those that are not there yet.

        Args:
            paths: The image files; equal images are encoded once.
        """
        report = CachingReport()
        images: dict[str, torch.Tensor] = {}
        for path in paths:
            try:
                image = self.view.load(path)
            except (FileNotFoundError, ValueError) as error:
                report.unreadable.append(str(error))
                continue
            key = image_key(image)
            if key in self.store or key in images:
                report.known += 1
                continue
            rgb = torch.from_numpy(image[..., ::-1].copy())
            images[key] = rgb.permute(2, 0, 1).to(self.device)
        if images:
            for key, tokens in zip(images, self.teacher(list(images.values()))):
                self.store.put(key, tokens)
        report.encoded = len(images)
        return report


_worker: CachingWorker  # of this process


def _start_worker(
    distillation: dict, *, folder: str, device: str, threads: int, parent: int
) -> None:
    global _worker
    die_with_parent(parent)
    torch.set_num_threads(threads)
    _worker = CachingWorker(distillation, folder, device)


def _store_batch(paths: Sequence[str]) -> CachingReport:
    return _worker.store_batch(paths)


def cache_features(
    paths: Sequence[str],
    *,
    distillation: dict,
    folder: str,
    device: str,
    workers: int = 1,
    batch_size: int = 16,
) -> CachingReport:
    """Store a teacher's features of images.

    Args:
        paths: The image files.
        distillation: Arguments of the :class:`SemanticDistillation` that has the teacher, without
            a store.
        folder: The store.
        device: Where the teacher runs.
        workers: Processes; each has a teacher of its own, and the threads are shared among them.
        batch_size: Images at once in a process. More take more memory.

    Returns:
        What became of the images.
    """
    batches = [paths[start : start + batch_size] for start in range(0, len(paths), batch_size)]
    threads = max(1, torch.get_num_threads() // workers)
    report = CachingReport()
    with (
        ProcessPoolExecutor(
            workers,
            multiprocessing.get_context('spawn'),
            partial(
                _start_worker,
                distillation,
                folder=folder,
                device=device,
                threads=threads,
                parent=os.getpid(),
            ),
        ) as pool,
        tqdm(total=len(paths), unit='image') as progress,
    ):
        for future in as_completed([pool.submit(_store_batch, batch) for batch in batches]):
            batch = future.result()
            report.add(batch)
            progress.update(batch.images)
    return report
