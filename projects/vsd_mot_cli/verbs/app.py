"""Track videos in the browser: upload one, or take the demo clip.

vsd-mot app                                   # then open http://127.0.0.1:7860
vsd-mot app CONFIG CHECKPOINT --device cuda   # with weights of your own, beside the shipped ones
vsd-mot app --host 0.0.0.0 --max-megabytes 50 # for others, too: there is no password

Needs the extra [app]: pip install 'vsd_mot[app]'. Nothing is sent to other machines; uploads and
results are removed when it ends (docs/app.md).
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT, Range
from ..options import add_cfg_option, add_device


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', nargs='?', help='config file, or name of a shipped config')
    parser.add_argument('checkpoint', nargs='?', help='weights that fit the config')
    parser.add_argument(
        '--detector',
        nargs=2,
        metavar=('CONFIG', 'CHECKPOINT'),
        help='detector that makes the proposals in the loop, for MOTRv2 and what builds on it',
    )
    add_device(parser)
    parser.add_argument(
        '--host', default='127.0.0.1', help='address to listen at (default: this machine alone)'
    )
    parser.add_argument(
        '--port', type=Range(int, 1, 65535), default=7860, help='its port (default: 7860)'
    )
    parser.add_argument(
        '--max-megabytes',
        type=COUNT,
        default=200,
        metavar='N',
        help='a larger upload is refused (default: 200)',
    )
    parser.add_argument(
        '--max-frames',
        type=COUNT,
        default=3000,
        metavar='N',
        help='only the first N frames of a video are tracked (default: 3000)',
    )
    add_cfg_option(parser)


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    if options.config is None and (options.detector or options.cfg_options):
        parser.error('--detector and --cfg-option are for a CONFIG of your own')
