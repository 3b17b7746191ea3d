"""Track people in a video.

vsd-mot track street.mp4                                  # with the weights that are shipped
vsd-mot track 0 --out results                             # the first camera, Ctrl-C ends it
vsd-mot track rtsp://host/path CONFIG CHECKPOINT --out results --segment 10
vsd-mot track frames/ CONFIG CHECKPOINT --out results --proposals det.txt
vsd-mot track street.mp4 --write cvat csv                 # for other tools, docs/formats.md
vsd-mot track clips/ list.txt 'more/**/*.mp4' --out results      # many videos, as one job
torchrun --nproc_per_node=8 -m vsd_mot_cli track clips/ --out results      # on 8 GPUs

Without CONFIG it is `vsd-mot_tiny-nano_degraded-real_test-real` with its weights, for research only
(docs/real_people.md).
"""

from __future__ import annotations

import argparse

from ..inputs import split_model
from ..names import EXTRA_FORMATS
from ..numbers import COUNT, COUNT_OR_ZERO, FRAME_RATE
from ..options import add_backend, add_cfg_option, add_device, add_live, check_backend


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'inputs',
        nargs='+',
        metavar='INPUT ... [CONFIG [CHECKPOINT]]',
        help='video, folder of images, camera number, stream address; or many: several of these, a '
        'folder of them, a list of them (.txt, one a line), a glob. Then a config file, or the '
        'name of a shipped config (default: the one with weights for people), and weights that '
        'fit it',
    )
    parser.add_argument(
        '--out',
        default='results',
        metavar='DIR',
        help='where the files go, those of many videos in a folder each',
    )
    add_device(parser)
    parser.add_argument(
        '--proposals',
        metavar='FILE',
        help='detections to track from: MOTChallenge det.txt, COCO .json, CVAT .xml or a proposal '
        "file; for many videos 'det/{name}.txt'",
    )
    parser.add_argument(
        '--detector',
        nargs=2,
        metavar=('CONFIG', 'CHECKPOINT'),
        help='detector that makes the proposals in the loop, for MOTRv2 and what builds on it',
    )
    parser.add_argument(
        '--masks',
        nargs='+',
        metavar=('CONFIG', 'CHECKPOINT'),
        help='HQTrack that gives every track a mask: its config, and weights unless that has some',
    )
    parser.add_argument(
        '--first-masks',
        metavar='PNG',
        help='label map of the first frame; CONFIG is then that of an HQTrack, which follows its '
        'objects',
    )
    parser.add_argument(
        '--window',
        type=COUNT,
        default=8,
        metavar='N',
        help='frames that are encoded as one batch (MOTRv2 family; live sources use 1)',
    )
    parser.add_argument(
        '--fps',
        type=FRAME_RATE,
        help='frames per second, where the file does not say or is wrong; not for live sources',
    )
    add_backend(parser)
    add_live(parser, segment='0')
    parser.add_argument(
        '--write',
        nargs='+',
        choices=EXTRA_FORMATS,
        default=(),
        metavar='FORMAT',
        help=f'write these as well: {", ".join(EXTRA_FORMATS)} (docs/formats.md)',
    )
    parser.add_argument(
        '--classes',
        nargs='+',
        metavar='NAME',
        help="names of the classes in the order of the labels (default: the checkpoint's or "
        "config's)",
    )
    parser.add_argument('--show', action='store_true', help='show it in a window; q closes')
    parser.add_argument('--no-video', action='store_true', help='write no annotated video')
    parser.add_argument(
        '--pictures',
        type=COUNT_OR_ZERO,
        default=0,
        metavar='N',
        help='save every N-th annotated frame',
    )
    parser.add_argument(
        '--page', action='store_true', help='write a page for the browser, see `vsd-mot page`'
    )
    parser.add_argument(
        '--rerun', metavar='FILE.rrd', help="write a recording for Rerun's viewer (extra: rerun)"
    )
    parser.add_argument('--scores', action='store_true', help='write scores beside the identities')
    parser.add_argument('--max-frames', type=COUNT, metavar='N', help='stop after N frames')
    parser.add_argument(
        '--strict',
        action='store_true',
        help='stop at the first frame that cannot be read, instead of reporting it at the end; the '
        'end of a file that is cut off counts as one',
    )
    add_cfg_option(parser)


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Take inputs and model apart; end the program where options do not go together."""
    try:
        options.inputs, options.config, options.checkpoint = split_model(options.inputs)
    except ValueError as error:
        parser.error(str(error))
    if options.masks is not None and (len(options.masks) > 2 or options.first_masks):
        parser.error('--masks takes a config and maybe a checkpoint, and no --first-masks')
    if options.first_masks and options.config is None:
        parser.error('--first-masks needs CONFIG, that of an HQTrack')
    if options.first_masks and (options.proposals or options.detector):
        parser.error('--first-masks says what to follow: give no --proposals and no --detector')
    check_backend(parser, options)
    if options.first_masks and options.backend != 'pytorch':
        parser.error('--first-masks is for an HQTrack, which runs in PyTorch alone: no --backend')
