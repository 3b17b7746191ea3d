"""Scores MOTChallenge result files against ground truth: HOTA, DetA, AssA, MOTA, IDF1.

python tools/analysis_tools/evaluate.py data/MOT17/val results/            # results/<sequence>.txt
python tools/analysis_tools/evaluate.py data/MOT17/val/MOT17-09 out/clip.txt
"""

import argparse
import json
import sys


def parse_args(arguments: list[str] | None = None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('ground_truth', help='folder of sequences with gt/gt.txt, or one sequence')
    parser.add_argument('results', help='folder with <sequence>.txt, or the file of one sequence')
    parser.add_argument('--sequences', nargs='+', metavar='NAME', help='score these only')
    parser.add_argument('--out', metavar='FILE.json', help='write all metrics to this file, too')
    return parser.parse_args(arguments)


def main() -> int:
    """Scores as the command line says."""
    args = parse_args()
    from vsd_mot.evaluation import EvaluationError, MotTextError, evaluate_mot_files
    from vsd_mot.fileio import write_atomically

    try:
        scores = evaluate_mot_files(args.ground_truth, args.results, args.sequences)
    except (EvaluationError, MotTextError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    print(scores.table())
    if args.out:
        content = json.dumps(dict(all=scores.combined, **scores.sequences), indent=2)
        write_atomically(args.out, f'{content}\n')
        print(f'metrics: {args.out}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
