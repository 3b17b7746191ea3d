"""Convert sequences in MOTChallenge layout to annotation files.

Any folders of MOTChallenge sequences (MOT15, MOT16, MOT17, MOT20, DanceTrack, own data) become
CocoVID JSON, one file a split; what was found is printed. Without a split option, folders such as
SRC/train and SRC/val become train.json and val.json. Sequences without gt/gt.txt go to test.json.

Examples:
    vsd-mot convert mot data/own --val-sequences street-03 street-07
    vsd-mot convert mot data/dancetrack
    vsd-mot convert mot data/MOT17/train --root data/MOT17 --split half
"""

from __future__ import annotations

import argparse

from ..options import by_name, pair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'src', nargs='+', help='a sequence, a folder of sequences, or a folder of train/, val/, ...'
    )
    parser.add_argument(
        '--out',
        '-o',
        '--output',
        dest='output',
        metavar='DIR',
        help='folder of the JSON files (default: ROOT/annotations)',
    )
    parser.add_argument(
        '--root',
        help='image paths are relative to it, it is data_root in the configs (default: SRC, or '
        'what several SRC have in common)',
    )
    names = parser.add_argument_group('split, one of')
    names.add_argument(
        '--val-sequences', nargs='+', default=(), metavar='NAME',
        help='these validate, and all others train; patterns such as "MOT17-0*" may be used',
    )  # fmt: skip
    names.add_argument(
        '--train-sequences', nargs='+', default=(), metavar='NAME',
        help='these train, and all others validate',
    )  # fmt: skip
    names.add_argument(
        '--split', choices=('folder', 'half'), default='folder',
        help='half: first half of every sequence trains, second half validates (half-train.json, '
        'half-val.json)',
    )  # fmt: skip
    names.add_argument(
        '--split-list', nargs='+', default=(), type=pair('SPLIT=FILE'), metavar='SPLIT=FILE',
        help='text files with one sequence name per line, such as train=train.txt val=val.txt',
    )  # fmt: skip
    parser.add_argument(
        '--detector', default='FRCNN',
        help='which variant of a MOT17 sequence to keep where there are several (default: FRCNN)',
    )  # fmt: skip
    parser.add_argument(
        '--person-classes', default='pedestrian', metavar='RULE',
        help="classes that are people: 'pedestrian' (class 1, the default), 'motr' (MOTR's and "
        "MOTRv2's rule: all but 3,4,5,6,9,10,11), 'all', or numbers such as 1,2,7. Rows without "
        'consider mark never count.',
    )  # fmt: skip
    parser.add_argument(
        '--gt-format', choices=('auto', 'mot15', 'mot17'), default='auto',
        help='mot15: no classes, all rows count (auto: where there are 10 columns)',
    )  # fmt: skip


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    options.lists = by_name(parser, '--split-list', options.split_list)
    for split in options.lists:
        if not split.replace('-', '').replace('_', '').isalnum():
            parser.error(f'--split-list: {split!r} names no file: take train, val ...')
