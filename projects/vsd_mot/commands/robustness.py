"""Measure trackers on corrupted copies of their test set, made on the fly.

All corruptions at five severities each, and the clean set; profiles of cameras (cctv-6fps,
night-ir, bodycam, low-bitrate) are named with --corruptions. Writes ``results.json``
(after every cell: a run that was interrupted is continued by repeating it), ``table.md``,
``cells.csv`` and the curves as ``robustness_HOTA.pdf`` and ``.png``.

Any MMTracking tracker can be measured: only the pipeline of its test set is changed. Its proposals
must come from a detector in the loop, for stored ones were made on the clean frames.

Example::

    python tools/analysis_tools/robustness.py \
        configs/motrv2/A.py work_dirs/a/epoch_8.pth configs/vsd_mot/B.py work_dirs/b/epoch_8.pth \
        --names MOTRv2 VSD-MOT --work-dir work_dirs/robustness
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config
from mmtrack.utils import register_all_modules
from tqdm import tqdm

from ..degradation.corruptions import CORRUPTIONS, PROFILES, SEVERITIES
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
from ..evaluation.robustness.results import TABLE_METRICS
from ..fileio import safe_name, write_atomically
from .command_line import add_cfg_options, command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument(
        'models',
        nargs='+',
        metavar='CONFIG CHECKPOINT',
        help="pairs; 'none' as checkpoint where the config names its weights itself",
    )
    parser.add_argument('--names', nargs='+', help="the trackers' names (default: the configs')")
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs/robustness'))
    parser.add_argument(
        '--corruptions',
        nargs='+',
        default=list(CORRUPTIONS),
        metavar='NAME',
        help=f'corruptions and profiles ({", ".join(PROFILES)}); default: all corruptions',
    )
    parser.add_argument('--severities', nargs='+', type=int, default=list(SEVERITIES))
    parser.add_argument('--metric', choices=TABLE_METRICS, default='HOTA', help='of the picture')
    parser.add_argument(
        '--seeds',
        nargs='+',
        type=int,
        default=[0],
        help='of the corruptions; several give a spread',
    )
    parser.add_argument(
        '--allow-stored-proposals',
        action='store_true',
        help='measure the tracker alone, with proposals that were made on the clean frames',
    )
    add_cfg_options(parser, 'settings that override those of all configs')
    options = parser.parse_args(args)
    if len(options.models) % 2:
        parser.error('CONFIG and CHECKPOINT come in pairs')
    options.models = [
        (config, None if checkpoint == 'none' else checkpoint)
        for config, checkpoint in zip(options.models[::2], options.models[1::2])
    ]
    options.names = options.names or [Path(config).stem for config, _ in options.models]
    if len(options.names) != len(options.models) or len(set(options.names)) != len(options.names):
        parser.error(f'{len(options.models)} different --names are needed')
    return options


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
