"""Compare the results of several trackers: one table."""

from __future__ import annotations

import json
from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..evaluation import EvaluationError, evaluate_mot_files
from ..evaluation.mot_files import MotScores
from ..fileio import write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('compare')

METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1')


@one_line_errors('compare', EvaluationError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    scores = {
        name: evaluate_mot_files(options.ground_truth, path, options.sequences)
        for name, path in options.results
    }
    print(comparison(scores))
    if options.out:
        content = {name: dict(all=one.combined, **one.sequences) for name, one in scores.items()}
        write_atomically(options.out, json.dumps(content, indent=2) + '\n')
        print(f'metrics: {options.out}')


def comparison(scores: dict[str, MotScores]) -> str:
    """Make a table in per cent, a row each, with the difference to the first row.

    Args:
        scores: Of each tracker, over the same sequences.
    """
    width = max(len(name) for name in (*scores, 'tracker'))
    lines = [f'{"tracker":{width}}' + ''.join(f'{name:>15}' for name in METRICS)]
    first = next(iter(scores.values())).combined
    for name, one in scores.items():
        cells = []
        for metric in METRICS:
            value, difference = one.combined[metric], one.combined[metric] - first[metric]
            change = '' if one.combined is first else f' ({100 * difference:+.1f})'
            cells.append(f'{f"{100 * value:.1f}{change}":>15}')
        lines.append(f'{name:{width}}' + ''.join(cells))
    return '\n'.join(lines)
