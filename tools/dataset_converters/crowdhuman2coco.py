"""Convert CrowdHuman to annotation files in which every image is a video of one frame.

Example:
    python tools/dataset_converters/crowdhuman2coco.py data/crowdhuman
"""

from __future__ import annotations

import argparse
import sys

from vsd_mot.datasets.converters import convert_crowdhuman


def parse_args() -> argparse.Namespace:
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
    args = parser.parse_args()
    folders = {}
    for item in args.images:
        subset, separator, folder = item.partition('=')
        if not separator or subset not in args.subsets:
            parser.error(f'--images takes SUBSET=FOLDER with one of the subsets, got {item!r}')
        folders[subset] = folder
    args.images = folders
    return args


def main() -> None:
    args = parse_args()
    try:
        _, report = convert_crowdhuman(args.src, args.output, tuple(args.subsets), args.images)
    except (ValueError, OSError) as error:
        sys.exit(f'crowdhuman2coco: {error}')
    print(report)


if __name__ == '__main__':
    main()
