"""Make a synthetic tracking set in MOTChallenge layout, with annotation files.

Example:
    python tools/dataset_converters/make_synthetic.py data/synthetic --seed 0
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..datasets.converters import convert_mot
from ..datasets.synthetic import SyntheticSettings, make_synthetic_set
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
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
        metavar=('MIN', 'MAX'), help='people in view at a time, about',
    )  # fmt: skip
    parser.add_argument(
        '--frame-rate', type=int, default=tiny.frame_rate,
        help='frames per second; the lower, the farther people get between frames',
    )  # fmt: skip
    parser.add_argument('--jpeg-quality', type=int, default=tiny.jpeg_quality, help='1 to 100')
    parser.add_argument(
        '--label-maps', action='store_true', help='write which pixel shows whom, for HQTrack'
    )
    parser.add_argument(
        '--workers', type=int, default=1, help='processes; the result does not depend on it'
    )
    options = parser.parse_args(args)
    width, _, height = options.size.lower().partition('x')
    if not (width.isdigit() and height.isdigit()):
        parser.error(f'--size must look like 384x224, got {options.size!r}')
    options.width, options.height = int(width), int(height)
    return options


@one_line_errors('make_synthetic', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    settings = SyntheticSettings(
        seed=options.seed,
        train_sequences=options.train_sequences,
        val_sequences=options.val_sequences,
        frames=options.frames,
        width=options.width,
        height=options.height,
        min_people=options.people[0],
        max_people=options.people[1],
        frame_rate=options.frame_rate,
        jpeg_quality=options.jpeg_quality,
        label_maps=options.label_maps,
    )
    make_synthetic_set(options.dst, settings, workers=options.workers)
    print(convert_mot([options.dst], progress=False).report)
