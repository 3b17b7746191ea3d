"""Score MOTChallenge result files: HOTA, DetA, AssA, MOTA, IDF1.

vsd-mot evaluate data/MOT17/val results/            # results/<sequence>.txt
vsd-mot evaluate data/MOT17/val/MOT17-09 out/clip.txt
vsd-mot evaluate annotations.xml out/clip.json      # CVAT's or COCO's files, too
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'ground_truth',
        help='folder of sequences with gt/gt.txt, one sequence, or a file of CVAT or COCO',
    )
    parser.add_argument(
        'results',
        help='folder with <sequence>.txt, or the file of one sequence (.txt, .json, .xml)',
    )
    parser.add_argument('--sequences', nargs='+', metavar='NAME', help='score these only')
    parser.add_argument('--out', metavar='FILE.json', help='write all metrics to this file, too')
