"""One cell of the benchmark: a tracker, a corruption, a severity."""

from __future__ import annotations

import gc
import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from pathlib import Path

from mmengine.config import Config, ConfigDict

from ...degradation.corruptions import build_corruption
from ...engine.runners import run_test
from ...fileio import file_sha256, open_new

CLEAN = 'clean'
METRICS = ('HOTA', 'DetA', 'AssA', 'IDF1', 'MOTA')
# Data set arguments and transforms that bring detections made on the clean frames.
_STORED_KEYS = ('proposal_file', 'detection_file', 'det_db')
_STORED_TYPES = ('LoadDetections', 'LoadProposals')


def cell_names(
    corruptions: Sequence[str], severities: Sequence[int], seeds: Sequence[int] = (0,)
) -> list[str]:
    """Names of all cells: 'clean', then 'CORRUPTION/SEVERITY', with '/SEED' where that is not 0.

    Raises:
        ValueError: On an unknown corruption or severity.
    """
    names = [CLEAN]
    for corruption in corruptions:
        for severity in severities:
            build_corruption(corruption, severity)
            name = f'{corruption}/{severity}'
            names += [f'{name}/{seed}' if seed else name for seed in seeds]
    return names


def _datasets(dataset: ConfigDict) -> Iterator[ConfigDict]:
    """Yield the data sets of a possibly wrapped one that have a pipeline."""
    if 'pipeline' in dataset:
        yield dataset
    inner = [dataset['dataset']] if 'dataset' in dataset else []
    for item in [*dataset.get('datasets', []), *inner]:
        yield from _datasets(item)


def stored_detections(config: Config) -> list[str]:
    """List where the test set of a config takes detections from files, as 'path = value'."""
    return list(_search_stored(config.test_dataloader.dataset, 'test_dataloader.dataset'))


def _search_stored(node: object, path: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _STORED_KEYS and value is not None:
                yield f'{path}.{key} = {value!r}'
            elif key == 'type' and str(value).split('.')[-1] in _STORED_TYPES:
                yield f'{path} has a {value}'
            else:
                yield from _search_stored(value, f'{path}.{key}')
    elif isinstance(node, (list, tuple)):
        for index, item in enumerate(node):
            yield from _search_stored(item, f'{path}[{index}]')


def _insert_after_loading(pipeline: list, transform: dict) -> bool:
    """Insert a transform behind the one that loads the image, also inside of wrappers."""
    for index, step in enumerate(pipeline):
        if not isinstance(step, dict):
            continue
        name = str(step.get('type')).split('.')[-1]
        if name.startswith('LoadImage') or name == 'LoadFrame':
            pipeline.insert(index + 1, transform)
            return True
        for inner in step.get('transforms', []):
            branch = inner if isinstance(inner, list) else step['transforms']
            if _insert_after_loading(branch, transform):
                return True
    return False


def corrupted_config(config: Config, cell: str, *, cache_dir: str | None = None) -> Config:
    """Return the config of a cell: only its test set is another.

    Args:
        config: Of any MMTracking tracker.
        cell: Of :func:`cell_names`.
        cache_dir: For encoded videos.

    Returns:
        A changed copy.

    Raises:
        ValueError: If the config has no test set, a pipeline loads no image, or frames are to be
            lost from a data set that cannot lose any.
    """
    config = deepcopy(config)
    if not config.get('test_dataloader') or not config.get('test_evaluator'):
        raise ValueError(f'{config.filename} has no test_dataloader and test_evaluator')
    if cell == CLEAN:
        return config
    corruption, severity, *seeds = cell.split('/')
    settings = dict(severity=int(severity), seed=int(seeds[0]) if seeds else 0, cache_dir=cache_dir)
    transform = dict(type='CorruptFrame', corruption=corruption, **settings)
    loses_frames = build_corruption(corruption, int(severity)).loses_frames
    sets = list(_datasets(config.test_dataloader.dataset))
    for dataset in sets:
        if not _insert_after_loading(dataset.pipeline, dict(transform)):
            raise ValueError(
                f'the test pipeline of {config.filename} has no LoadFrame or LoadImage..., '
                'after which to corrupt the frames'
            )
        if loses_frames:
            if dataset.type != 'MOTClipDataset':
                raise ValueError(
                    f'{corruption} loses frames, which {dataset.type} cannot: use '
                    f'MOTClipDataset in {config.filename}, or leave {corruption} out'
                )
            dataset.arrival = dict(name=corruption, **settings)
    if not sets:
        raise ValueError(f'the test set of {config.filename} has no pipeline')
    return config


def run_cell(config: Config, checkpoint: str | None, folder: Path) -> dict[str, float]:
    """Track the test set and score it.

    Args:
        config: Of the cell, see :func:`corrupted_config`.
        checkpoint: Weights; None where the config names its own.
        folder: For the log and the result files.

    Returns:
        The ``METRICS`` that the config's evaluator reports, as fractions of 1.

    Raises:
        ValueError: If HOTA is not among them.
    """
    config = deepcopy(config)
    config.work_dir = str(folder)
    config.load_from = checkpoint
    config.resume = False
    # MMEngine keeps one instance of everything per experiment name.
    config.experiment_name = f'robustness_{uuid.uuid4().hex}'
    evaluators = config.test_evaluator
    for evaluator in evaluators if isinstance(evaluators, (list, tuple)) else [evaluators]:
        # The evaluator deletes that folder: one for each cell.
        if evaluator.get('outfile_prefix'):
            evaluator.outfile_prefix = str(folder / 'results')
    folder.mkdir(parents=True, exist_ok=True)
    with (
        io.TextIOWrapper(open_new(folder / 'log.txt')) as log,
        redirect_stdout(log),
        redirect_stderr(log),
    ):
        reported = run_test(config)
    gc.collect()  # the runner, before the next one is built
    by_metric = {name.split('/')[-1]: float(value) for name, value in reversed(reported.items())}
    if 'HOTA' not in by_metric:
        raise ValueError(
            f'the evaluator of {config.filename} reports {sorted(reported)} and no HOTA: use '
            'MOTChallengeMetrics with HOTA, CLEAR and Identity'
        )
    return {metric: by_metric[metric] for metric in METRICS if metric in by_metric}


def fingerprint(config: Config, checkpoint: str | None) -> str:
    """Return a digest of a config and its weights: finished cells may be of another model."""
    text = config.pretty_text
    if checkpoint is not None:
        text += file_sha256(checkpoint)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
