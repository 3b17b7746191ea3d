"""Say why a video tracks badly: its faults, what they cost, and what to do.

vsd-mot diagnose street.mp4 --out diagnosis
vsd-mot diagnose frames/ --detector CONFIG CHECKPOINT

Reads times, damage and pictures; writes <name>.txt, <name>.json and <name>.html, a page that
needs no other file. The loss of HOTA is that of the robustness benchmark's trackers on the
corruption next to the fault; --robustness takes the results.json of your own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT, FRAME_RATE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('input', help='video, folder of images, camera number, stream address')
    parser.add_argument('--out', type=Path, metavar='DIR', help='write text, JSON and page there')
    parser.add_argument('--fps', type=FRAME_RATE, help='frames per second, where the file is wrong')
    parser.add_argument(
        '--pictures', type=COUNT, default=40, metavar='N', help='frames that are looked at closely'
    )
    parser.add_argument(
        '--max-frames', type=COUNT, default=3000, metavar='N', help='frames that are read at most'
    )
    parser.add_argument(
        '--detector',
        nargs=2,
        metavar=('CONFIG', 'CHECKPOINT'),
        help='detector that measures how large people are',
    )
    parser.add_argument('--robustness', type=Path, help='results.json of the robustness benchmark')
