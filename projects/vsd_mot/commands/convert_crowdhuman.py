"""Convert CrowdHuman to annotation files in which every image is a video of one frame.

Example:
    python tools/dataset_converters/crowdhuman2coco.py data/crowdhuman
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..datasets.converters import convert_crowdhuman
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Convert CrowdHuman (annotation_train.odgt, annotation_val.odgt and images) to '
        'CocoVID JSON: full boxes, entries marked to be ignored dropped.'
    )
    parser.add_argument('src', help='folder of CrowdHuman; image paths become relative to it')
    parser.add_argument(
        '-o', '--output', help='folder of the JSON files (default: SRC/annotations)'
    )
    parser.add_argument('--subsets', nargs='+', default=('train', 'val'), help='default: train val')
    parser.add_argument(
        '--images', nargs='+', default=(), metavar='SUBSET=FOLDER',
        help='image folder of a subset, relative to SRC (default: the usual places are tried)',
    )  # fmt: skip
    options = parser.parse_args(args)
    folders = {}
    for item in options.images:
        subset, separator, folder = item.partition('=')
        if not separator or subset not in options.subsets:
            parser.error(f'--images takes SUBSET=FOLDER with one of the subsets, got {item!r}')
        folders[subset] = folder
    options.images = folders
    return options


@one_line_errors('crowdhuman2coco', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    conversion = convert_crowdhuman(
        options.src,
        output=options.output,
        subsets=tuple(options.subsets),
        images=options.images,
    )
    print(conversion.report)
