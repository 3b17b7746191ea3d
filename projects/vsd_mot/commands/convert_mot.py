"""Convert sequences in MOTChallenge layout to the annotation files that the configs read.

Examples:
    python tools/dataset_converters/mot2coco.py data/own --val-sequences street-03 street-07
    python tools/dataset_converters/mot2coco.py data/dancetrack
    python tools/dataset_converters/mot2coco.py data/MOT17/train --root data/MOT17 --split half
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..datasets.converters import convert_mot
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Convert any folders of MOTChallenge sequences (MOT15, MOT16, MOT17, MOT20, '
        'DanceTrack, own data) to CocoVID JSON, one file per split, and print what was found.',
        epilog='Without a split option, folders such as SRC/train and SRC/val become '
        'train.json and val.json. Sequences without gt/gt.txt go to test.json.',
    )
    parser.add_argument(
        'src', nargs='+', help='a sequence, a folder of sequences, or a folder of train/, val/, ...'
    )
    parser.add_argument(
        '-o', '--output', help='folder of the JSON files (default: ROOT/annotations)'
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
        '--split-list', nargs='+', default=(), metavar='SPLIT=FILE',
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
    options = parser.parse_args(args)
    lists = {}
    for item in options.split_list:
        split, separator, path = item.partition('=')
        if not (split.replace('-', '').replace('_', '').isalnum() and separator and path):
            parser.error(f'--split-list takes SPLIT=FILE such as train=train.txt, got {item!r}')
        lists[split] = path
    options.lists = lists
    return options


@one_line_errors('mot2coco', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    conversion = convert_mot(
        options.src,
        output=options.output,
        root=options.root,
        train_sequences=options.train_sequences,
        val_sequences=options.val_sequences,
        half=options.split == 'half',
        lists=options.lists,
        detector=options.detector,
        person_classes=options.person_classes,
        gt_format=options.gt_format,
    )
    print(conversion.report)
