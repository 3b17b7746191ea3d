"""Compare the results of several trackers in one table.

vsd-mot compare data/MOT17/val ours=results/ ByteTrack=bytetrack/results/
vsd-mot compare data/MOT17/val/MOT17-09 first.txt second.txt --out compared.json

Results are folders with <sequence>.txt, or the files of one sequence, of any tracker. Every row is
over the same sequences; differences are to the first row.
"""

from __future__ import annotations

import argparse

from ..options import named_path, require_different_names


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('ground_truth', help='folder of sequences with gt/gt.txt, or one sequence')
    parser.add_argument(
        'results', nargs='+', type=named_path, metavar='[NAME=]RESULTS', help='of a tracker each'
    )
    parser.add_argument('--sequences', nargs='+', metavar='NAME', help='score these only')
    parser.add_argument('--out', metavar='FILE.json', help='write all metrics to this file, too')


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where two rows would have one name."""
    require_different_names(parser, options.results)
