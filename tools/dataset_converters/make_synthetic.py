"""Make a synthetic tracking set in MOTChallenge layout, with annotation files.

Example:
    python tools/dataset_converters/make_synthetic.py data/synthetic --seed 0
"""

from __future__ import annotations

import argparse
import sys

from vsd_mot.datasets.converters import convert_mot
from vsd_mot.datasets.synthetic import SyntheticSettings, make_synthetic_set


def parse_args() -> argparse.Namespace:
    tiny = SyntheticSettings()
    parser = argparse.ArgumentParser(
        description='Make a synthetic tracking set in MOTChallenge layout: train/, val/ and '
        'annotations/. The defaults are the set that the tiny configs use. A call that was '
        'interrupted is continued by calling again; the same seed gives the same bytes.',
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        'dst', help='new or empty folder, or an unfinished set of the same settings'
    )
    parser.add_argument('--seed', type=int, default=tiny.seed)
    parser.add_argument('--train-sequences', type=int, default=tiny.train_sequences, metavar='N')
    parser.add_argument('--val-sequences', type=int, default=tiny.val_sequences, metavar='M')
    parser.add_argument('--frames', type=int, default=tiny.frames, help='frames per sequence')
    parser.add_argument(
        '--size', default=f'{tiny.width}x{tiny.height}', metavar='WxH', help='frame size in pixels'
    )
    parser.add_argument(
        '--people', type=int, nargs=2, default=(tiny.min_people, tiny.max_people),
        metavar=('MIN', 'MAX'), help='people wanted in view at a time',
    )  # fmt: skip
    parser.add_argument(
        '--frame-rate', type=int, default=tiny.frame_rate,
        help='frames per second; the lower, the farther people get between frames',
    )  # fmt: skip
    parser.add_argument('--jpeg-quality', type=int, default=tiny.jpeg_quality, help='1 to 100')
    parser.add_argument(
        '--workers', type=int, default=1, help='processes; the result does not depend on it'
    )
    args = parser.parse_args()
    width, _, height = args.size.lower().partition('x')
    if not (width.isdigit() and height.isdigit()):
        parser.error(f'--size must look like 384x224, got {args.size!r}')
    args.width, args.height = int(width), int(height)
    return args


def main() -> None:
    args = parse_args()
    try:
        settings = SyntheticSettings(
            seed=args.seed,
            train_sequences=args.train_sequences,
            val_sequences=args.val_sequences,
            frames=args.frames,
            width=args.width,
            height=args.height,
            min_people=args.people[0],
            max_people=args.people[1],
            frame_rate=args.frame_rate,
            jpeg_quality=args.jpeg_quality,
        )
        make_synthetic_set(args.dst, settings, args.workers)
        _, report = convert_mot([args.dst], progress=False)
    except (ValueError, OSError) as error:
        sys.exit(f'make_synthetic: {error}')
    print(report)


if __name__ == '__main__':
    main()
