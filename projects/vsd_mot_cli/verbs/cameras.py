"""Track several cameras in one process, as long as they last.

vsd-mot cameras door=0 yard=rtsp://host/yard --out results        # Ctrl-C ends it
vsd-mot cameras yard=rtsp://host/yard CONFIG CHECKPOINT --segment 15

Frames of all cameras are encoded as one batch. Each has its own tracks, and its own folder in DIR.
A camera that stalls or breaks off is connected again, with growing pauses. Without CONFIG it is the
model that `vsd-mot track` takes.
"""

from __future__ import annotations

import argparse

from ..inputs import split_model
from ..numbers import COUNT, COUNT_OR_ZERO
from ..options import add_cfg_option, add_device, add_live


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'cameras',
        nargs='+',
        metavar='NAME=ADDRESS ... [CONFIG [CHECKPOINT]]',
        help='name of a camera, and its number, stream address, or a video file; then the config '
        'of a MOTRv2 or VSD-MOT that has a detector, and its weights',
    )
    parser.add_argument('--out', default='results', metavar='DIR', help='where the folders go')
    add_device(parser)
    add_live(parser, segment='10 for live sources')
    parser.add_argument('--no-video', action='store_true', help='write no annotated video')
    parser.add_argument(
        '--pictures',
        type=COUNT_OR_ZERO,
        default=0,
        metavar='N',
        help='save every N-th annotated frame',
    )
    parser.add_argument('--scores', action='store_true', help='write scores beside the identities')
    parser.add_argument(
        '--max-frames', type=COUNT, metavar='N', help='stop after N frames of each camera'
    )
    add_cfg_option(parser)


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Take cameras and model apart; end the program where options do not go together."""
    try:
        words, options.config, options.checkpoint = split_model(options.cameras)
    except ValueError as error:
        parser.error(str(error))
    cameras: dict[str, str] = {}
    for word in words:
        name, equals, address = word.partition('=')
        if not (name and equals and address):
            parser.error(f'{word}: write NAME=ADDRESS, such as door=0 or yard=rtsp://host/yard')
        if name.casefold() in map(str.casefold, cameras):
            parser.error(f'two cameras are called {name}: their files would be one')
        cameras[name] = address
    options.cameras = cameras
