"""Train several configs with several seeds, test them on several sets, and make one table."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from vsd_mot_cli import parser_of

from ..evaluation.ladder import Run, TestSet, run_ladder, table
from ..fileio import write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('ladder')


def plan(options: argparse.Namespace, tests: list[TestSet]) -> dict[str, list[Run]]:
    """Return the runs of each row.

    Raises:
        FileNotFoundError: If a config is missing.
        ValueError: If a folder has other results.
    """
    threads = max(1, (os.cpu_count() or 1) // options.workers)
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
        run.reserve(tests)
    return rows


@one_line_errors('ladder', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = parse_args(args)
    tests = [TestSet(name, folder) for name, folder in options.test]
    rows = plan(options, tests)
    errors = run_ladder(rows, tests, options.workers)
    text = table(rows, tests)
    scores = {
        row: {run.seed: {test.name: run.scores(test) for test in tests} for run in runs}
        for row, runs in rows.items()
    }
    write_atomically(options.work_dir / 'table.md', text)
    write_atomically(options.work_dir / 'results.json', json.dumps(scores, indent=2))
    print(text)
    for error in errors:
        print(f'ladder: {error}', file=sys.stderr)
    return 1 if errors else 0
