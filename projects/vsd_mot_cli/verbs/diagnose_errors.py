"""Say where a tracker's points are lost, by kind of object.

vsd-mot diagnose-errors data/MOT17/val results/       # <sequence>.txt
vsd-mot diagnose-errors data/MOT17/val/MOT17-09 out/clip.txt --quality

Results may be of any tracker. --quality looks at every image and adds rows for bad and good frames;
for the results on a degraded copy name the copy's folder with --images.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'ground_truth', type=Path, help='folder of sequences with gt/gt.txt, or one sequence'
    )
    parser.add_argument(
        'results', type=Path, help='folder with <sequence>.txt, or the file of one sequence'
    )
    parser.add_argument('--quality', action='store_true', help='group by the quality of the frame')
    parser.add_argument(
        '--images', type=Path, help='sequences whose images are looked at (default: ground_truth)'
    )
