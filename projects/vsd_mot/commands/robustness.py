"""Measure trackers on corrupted copies of their test set, made on the fly."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config
from mmtrack.utils import register_all_modules
from tqdm import tqdm

from vsd_mot_cli import parser_of

from ..engine.configs import load_config
from ..evaluation.robustness import (
    RobustnessResults,
    cell_names,
    corrupted_config,
    fingerprint,
    run_cell,
    stored_detections,
)
from ..evaluation.robustness.figure import save
from ..fileio import safe_name, write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('robustness')


def measurable_config(path: str, options: argparse.Namespace) -> Config:
    """Read a config and make sure that it can be measured.

    Raises:
        ValueError: If it takes proposals from a file.
    """
    # Corruptions are registered by the import above, whatever the config imports.
    config = load_config(path, options.cfg_options)
    if not config.get('test_dataloader'):
        raise ValueError(f'{path} has no test_dataloader')
    stored = stored_detections(config)
    if stored and not options.allow_stored_proposals:
        raise ValueError(
            f'{path} takes detections from files that were made on the clean frames:\n  '
            + '\n  '.join(stored)
            + '\nA benchmark of the whole tracker needs a detector in the loop: set '
            "'--cfg-options test_dataloader.dataset.proposal_file=None' and give the model a "
            "detector. To measure the tracker alone, with the clean frames' detections, add "
            '--allow-stored-proposals'
        )
    return config


def measure(options: argparse.Namespace) -> RobustnessResults:
    """Run all cells that are not done yet."""
    register_all_modules(init_default_scope=False)
    for name in options.names:
        safe_name(name, 'the name of a tracker, --names,')
    cells = cell_names(options.corruptions, options.severities, options.seeds)
    options.work_dir.mkdir(parents=True, exist_ok=True)
    results = RobustnessResults(options.work_dir / 'results.json')
    jobs = []
    for name, (path, checkpoint) in zip(options.names, options.models):
        config = measurable_config(path, options)
        if checkpoint is not None and not Path(checkpoint).is_file():
            raise FileNotFoundError(f"there is no checkpoint {checkpoint}; 'none' means no file")
        digest = fingerprint(config, checkpoint)
        results.add_model(
            name,
            config=Path(path).name,
            checkpoint=checkpoint and Path(checkpoint).name,
            digest=digest,
        )
        jobs += [(name, config, checkpoint, cell) for cell in cells if not results.has(name, cell)]
    cache = str(options.work_dir / 'h264')
    bar = tqdm(jobs, desc='cells', unit='cell')
    for name, config, checkpoint, cell in bar:
        bar.set_postfix_str(f'{name} {cell}')
        folder = options.work_dir / name / cell.replace('/', '_')
        changed = corrupted_config(config, cell, cache_dir=cache)
        results.put(name, cell, run_cell(changed, checkpoint, folder))
    return results


@one_line_errors('robustness', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    results = measure(options)
    table = results.table()
    write_atomically(options.work_dir / 'table.md', table)
    write_atomically(options.work_dir / 'cells.csv', results.csv())
    pictures = save(results, options.work_dir, options.metric)
    print(table)
    print(f'written to {options.work_dir}: {", ".join(path.name for path in pictures)} and tables')
