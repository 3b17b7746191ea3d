"""Train several configs with several seeds, test them on several sets, and make one table.

Every config is trained with every seed under the budget of its schedule, then tested on each
``--test`` set. ``table.md`` has the means over the seeds and how far the seeds lie apart,
``results.json`` every single score. A command that was interrupted is continued by repeating it:
finished trainings and tests are kept, an unfinished training goes on from its last epoch.

The tiny ladder of table V, with VSE-MOT beside it::

    python tools/analysis_tools/ladder.py \
        configs/vsd_mot/{motrv2,distill,dcsd,vsd-mot}_tiny_*.py \
        configs/vse_mot/vse-mot_tiny_*.py \
        --names MOTRv2 "+ distillation" "+ DCSD" VSD-MOT VSE-MOT --seeds 0 1 --jobs 2 \
        --test clean=data/synthetic/ low-quality=data/LQsynthetic/
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ..evaluation.ladder import Run, TestSet, run_ladder, table
from ..fileio import write_atomically
from .command_line import command_parser
from .user_errors import one_line_errors


def test_set(text: str) -> TestSet:
    """Read NAME=DATA_ROOT; the name becomes that of a log and of a result file."""
    name, _, folder = text.partition('=')
    if not re.fullmatch(r'\w[\w-]*', name) or name in ('train', 'claimed') or not folder:
        raise argparse.ArgumentTypeError(f'expected NAME=DATA_ROOT, got {text!r}')
    return TestSet(name, folder)


def option(text: str) -> str:
    """Check KEY=VALUE."""
    if not text.partition('=')[2]:
        raise argparse.ArgumentTypeError(f'expected KEY=VALUE, got {text!r}')
    return text


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('configs', nargs='+', help='in the order of the table')
    parser.add_argument('--names', nargs='+', help="of the rows (default: the configs')")
    parser.add_argument('--seeds', nargs='+', type=int, default=[0, 1])
    parser.add_argument(
        '--test',
        nargs='+',
        type=test_set,
        required=True,
        metavar='NAME=DATA_ROOT',
        help='the sets to test on, each in place of the data_root of the config',
    )
    parser.add_argument('--jobs', type=int, default=1, help='trainings at a time')
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs/ladder'))
    parser.add_argument(
        '--cfg-options', nargs='+', type=option, default=[], metavar='KEY=VALUE', help='for all'
    )
    options = parser.parse_args(args)
    options.names = options.names or [Path(config).stem for config in options.configs]
    if len(options.names) != len(options.configs) or len(set(options.names)) != len(options.names):
        parser.error(f'{len(options.configs)} different --names are needed')
    # A run's folder is named by its config and seed, a test's files by its set.
    stems = [Path(config).stem for config in options.configs]
    for what, values in (
        ('configs', stems),
        ('--seeds', options.seeds),
        ('--test', [test.name for test in options.test]),
    ):
        if len(set(values)) != len(values):
            parser.error(f'{what}: each may be given once')
    if options.jobs < 1:
        parser.error('--jobs must be at least 1')
    return options


def plan(options: argparse.Namespace) -> dict[str, list[Run]]:
    """Return the runs of each row.

    Raises:
        FileNotFoundError: If a config is missing.
        ValueError: If a folder has other results.
    """
    threads = max(1, (os.cpu_count() or 1) // options.jobs)
    rows = {}
    for name, config in zip(options.names, options.configs):
        stem = Path(config).stem
        rows[name] = [
            Run(
                name=name,
                config=config,
                seed=seed,
                folder=options.work_dir / stem / f'seed{seed}',
                options=tuple(options.cfg_options),
                threads=threads,
            )
            for seed in options.seeds
        ]
    for run in (run for row in rows.values() for run in row):
        run.reserve(options.test)
    return rows


@one_line_errors('ladder', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = parse_args(args)
    rows = plan(options)
    errors = run_ladder(rows, options.test, options.jobs)
    text = table(rows, options.test)
    scores = {
        row: {run.seed: {test.name: run.scores(test) for test in options.test} for run in runs}
        for row, runs in rows.items()
    }
    write_atomically(options.work_dir / 'table.md', text)
    write_atomically(options.work_dir / 'results.json', json.dumps(scores, indent=2))
    print(text)
    for error in errors:
        print(f'ladder: {error}', file=sys.stderr)
    return 1 if errors else 0
