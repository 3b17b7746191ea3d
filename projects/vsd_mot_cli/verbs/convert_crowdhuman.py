"""Convert CrowdHuman to annotation files, each image a video.

annotation_train.odgt, annotation_val.odgt and the images become CocoVID JSON: full boxes, entries
that are marked to be ignored are dropped.

Example:
    vsd-mot convert crowdhuman data/crowdhuman
"""

from __future__ import annotations

import argparse

from ..options import by_name, pair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('src', help='folder of CrowdHuman; image paths become relative to it')
    parser.add_argument(
        '--out',
        '-o',
        '--output',
        dest='output',
        metavar='DIR',
        help='folder of the JSON files (default: SRC/annotations)',
    )
    parser.add_argument('--subsets', nargs='+', default=('train', 'val'), help='default: train val')
    parser.add_argument(
        '--images', nargs='+', default=(), type=pair('SUBSET=FOLDER'), metavar='SUBSET=FOLDER',
        help='image folder of a subset, relative to SRC (default: the usual places are tried)',
    )  # fmt: skip


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    options.images = by_name(parser, '--images', options.images)
    if unknown := sorted(set(options.images) - set(options.subsets)):
        parser.error(f'--images: {unknown[0]} is none of the subsets {", ".join(options.subsets)}')
