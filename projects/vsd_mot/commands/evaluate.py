"""Score MOTChallenge result files against ground truth: HOTA, DetA, AssA, MOTA, IDF1.

python tools/analysis_tools/evaluate.py data/MOT17/val results/            # results/<sequence>.txt
python tools/analysis_tools/evaluate.py data/MOT17/val/MOT17-09 out/clip.txt
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from ..evaluation import EvaluationError, evaluate_mot_files
from ..fileio import write_atomically
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('ground_truth', help='folder of sequences with gt/gt.txt, or one sequence')
    parser.add_argument('results', help='folder with <sequence>.txt, or the file of one sequence')
    parser.add_argument('--sequences', nargs='+', metavar='NAME', help='score these only')
    parser.add_argument('--out', metavar='FILE.json', help='write all metrics to this file, too')
    return parser.parse_args(args)


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
