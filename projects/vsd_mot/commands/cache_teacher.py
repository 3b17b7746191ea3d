"""Computes a teacher's features of all frames that a config trains on, once.

python tools/dataset_converters/cache_teacher.py configs/vsd_mot/CONFIG.py --workers 4

The config names the teacher (model.semantics.distillation.teacher), the store
(model.semantics.distillation.store, or --store here) and, by LoadTeacherView in the pipelines, what
the teacher sees. Frames whose features are in the store are left alone, so a run that was killed
goes on where it stopped; training then reads them, and computes what is still missing by itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import torch
from mmengine.registry import DefaultScope
from mmtrack.registry import DATASETS
from tqdm import tqdm

from ..datasets.transforms import LoadTeacherView, image_key
from ..engine.configs import read_config
from ..engine.launch import DictAction
from ..errors import ConfigError
from ..models.semantics import SemanticDistillation
from ..models.semantics.teacher_store import TeacherStore
from .user_errors import one_line_errors

MAX_LISTED = 20

_worker: tuple | None = None  # distillation and store of this process


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config', help='training config with a distillation')
    parser.add_argument('--store', help="folder to write, in place of the config's")
    parser.add_argument('--workers', type=int, default=1, help='processes')
    parser.add_argument('--batch-size', type=int, default=16, help='images at once in a process')
    parser.add_argument(
        '--device', default='cuda' if torch.cuda.is_available() else 'cpu', help='cuda or cpu'
    )
    parser.add_argument('--cfg-options', nargs='+', action=DictAction, help='override the config')
    options = parser.parse_args(args)
    if options.workers < 1 or options.batch_size < 1:
        parser.error('--workers and --batch-size must be at least 1')
    return options


def leaf_datasets(dataset: object) -> Iterator[object]:
    """Return the data sets below wrappers."""
    inner = getattr(dataset, 'datasets', None) or getattr(dataset, 'dataset', None)
    if inner is None:
        yield dataset
        return
    for part in inner if isinstance(inner, (list, tuple)) else [inner]:
        yield from leaf_datasets(part)


def find_view(transform: object) -> LoadTeacherView | None:
    """Return the LoadTeacherView of a pipeline, also within broadcasters and choices."""
    if isinstance(transform, LoadTeacherView):
        return transform
    inner = getattr(transform, 'transforms', transform)
    if isinstance(inner, (list, tuple)):
        return next(filter(None, map(find_view, inner)), None)
    return None if inner is transform else find_view(inner)


def views_of(dataset: object) -> list[str]:
    """Return the files that the teacher sees, each once.

    Raises:
        ValueError: A data set's pipeline has no LoadTeacherView.
    """
    paths = set()
    for leaf in leaf_datasets(dataset):
        view = find_view(leaf.pipeline)
        if view is None:
            raise ValueError(
                f'the training pipeline of {leaf.ann_file} has no LoadTeacherView: without it the '
                'teacher sees frames as they are augmented, anew in every epoch, and there is '
                "nothing to store. Put dict(type='LoadTeacherView') behind LoadFrame"
            )
        leaf.full_init()
        for index in range(len(leaf)):
            path = leaf.get_data_info(index)['img_path']
            paths.add(str(view.clean_path(path) or path))
    return sorted(paths)


def start_worker(distillation: dict, folder: str, device: str, threads: int) -> None:
    """Build the teacher in a process."""
    global _worker
    torch.set_num_threads(threads)
    with DefaultScope.overwrite_default_scope('mmtrack'):
        teacher = SemanticDistillation(**distillation).teacher(device)
    _worker = teacher, TeacherStore(folder, teacher), device


def store_batch(paths: list[str]) -> tuple[int, int, list[str]]:
    """Store the features of some images.

    Args:
        paths: Their files.

    Returns:
        Numbers of new and of already stored images, and what could not be read.
    """
    teacher, store, device = _worker
    view = LoadTeacherView()
    images, keys, failures, known = [], [], [], 0
    for path in paths:
        try:
            image = view.load(path)
        except (FileNotFoundError, ValueError) as error:
            failures.append(str(error))
            continue
        key = image_key(image)
        if key in store or key in keys:
            known += 1
            continue
        keys.append(key)
        images.append(torch.from_numpy(image[..., ::-1].copy()).permute(2, 0, 1).to(device))
    if images:
        for key, tokens in zip(keys, teacher(images)):
            store.put(key, tokens)
    return len(images), known, failures


@one_line_errors('cache_teacher', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = parse_args(args)
    cfg = read_config(options.config, options.cfg_options)
    distillation = (cfg.model.get('semantics') or {}).get('distillation')
    if not distillation:
        raise ConfigError(
            f'{options.config} has no model.semantics.distillation: nothing is distilled there'
        )
    distillation = {key: value for key, value in distillation.to_dict().items() if key != 'type'}
    folder = options.store or distillation.get('store')
    if not folder:
        raise ConfigError('give --store, or set model.semantics.distillation.store in the config')
    distillation['store'] = None
    with DefaultScope.overwrite_default_scope('mmtrack'):
        paths = views_of(DATASETS.build(cfg.train_dataloader.dataset))
    batches = [
        paths[start : start + options.batch_size]
        for start in range(0, len(paths), options.batch_size)
    ]
    threads = max(1, torch.get_num_threads() // options.workers)
    worker = (distillation, str(Path(folder)), options.device, threads)
    made, known, failures = 0, 0, []
    with (
        ProcessPoolExecutor(
            options.workers, multiprocessing.get_context('spawn'), start_worker, worker
        ) as pool,
        tqdm(total=len(paths), unit='image') as progress,
    ):
        for future in as_completed([pool.submit(store_batch, batch) for batch in batches]):
            new, old, failed = future.result()
            made, known, failures = made + new, known + old, failures + failed
            progress.update(new + old + len(failed))
    print(f'{made} images encoded, {known} were stored before: {folder}')
    for failure in failures[:MAX_LISTED]:
        print(f'not read: {failure}', file=sys.stderr)
    if len(failures) > MAX_LISTED:
        print(f'and {len(failures) - MAX_LISTED} more', file=sys.stderr)
    return 1 if failures else 0
