"""Look at results in the browser: one page with video, boxes, timeline and errors.

vsd-mot page street.mp4 results/street.json --out street.html
vsd-mot page clip.mp4 ours=a/clip.json ByteTrack=b/clip.txt --gt sequence/ --out compared.html

Results are MOTChallenge text of any tracker, or the JSON of `vsd-mot track`, which has quality and
semantic weight as well. The page needs no other file and no network; docs/seeing.md says what is
on it. `vsd-mot track --page` writes one while it tracks, of cameras too.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT, FRAME_RATE, Range
from ..options import named_path, require_different_names


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('input', help='video or folder of images')
    parser.add_argument(
        'results', nargs='+', type=named_path, metavar='[NAME=]RESULT', help='of a tracker each'
    )
    parser.add_argument(
        '--gt',
        dest='ground_truth',
        type=Path,
        metavar='DIR',
        help='the sequence with gt/gt.txt: scores, switches, misses and false boxes are shown, too',
    )
    parser.add_argument('--out', type=Path, required=True, metavar='FILE.html')
    parser.add_argument('--fps', type=FRAME_RATE, help='frames per second, where the file is wrong')
    parser.add_argument('--max-frames', type=COUNT, metavar='N', help='stop after N frames')
    parser.add_argument(
        '--max-megabytes',
        type=Range(float, 0, above=True),
        default=40.0,
        metavar='N',
        help='what the video may take in the page, about: long ones get smaller pictures '
        '(default: 40)',
    )


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    require_different_names(parser, options.results)
