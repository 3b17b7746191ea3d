"""Score MOTChallenge result files against ground truth: HOTA, DetA, AssA, MOTA, IDF1."""

from __future__ import annotations

import json
from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..evaluation import EvaluationError, evaluate_mot_files
from ..fileio import write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('evaluate')


@one_line_errors('error', EvaluationError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    scores = evaluate_mot_files(options.ground_truth, options.results, options.sequences)
    print(scores.table())
    if scores.note:
        print(scores.note)
    if options.out:
        content = json.dumps(dict(all=scores.combined, **scores.sequences), indent=2)
        write_atomically(options.out, f'{content}\n')
        print(f'metrics: {options.out}')
