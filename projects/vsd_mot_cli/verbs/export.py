"""Write a tracker, or a YOLOX, as ONNX graphs that run without PyTorch.

vsd-mot export CONFIG CHECKPOINT --like street.mp4 --out graphs
vsd-mot track street.mp4 CONFIG CHECKPOINT --backend onnxruntime --graphs graphs

The graphs are for frames of one size, and are written only if they give what PyTorch gives. What
they take and give: docs/export.md.
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT, PIXELS
from ..options import add_cfg_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config of a tracker of the MOTRv2 family, or of a YOLOX')
    parser.add_argument('checkpoint', nargs='?', help='weights that fit the config')
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument('--like', metavar='VIDEO', help='frames are as large as those of this video')
    size.add_argument(
        '--frame-size', nargs=2, type=PIXELS, metavar=('W', 'H'), help='size of the video in pixels'
    )
    parser.add_argument('--out', default='graphs', metavar='DIR', help='where the graphs go')
    parser.add_argument(
        '--backend',
        choices=('onnxruntime', 'openvino'),
        default='onnxruntime',
        help='what they are compared with PyTorch by (default: onnxruntime)',
    )
    parser.add_argument(
        '--int8',
        nargs='+',
        metavar='VIDEO',
        help='round convolutions and matrix products of what looks at frames to 8 bits, by ranges '
        'measured on these videos or folders of images',
    )
    parser.add_argument(
        '--int8-frames', type=COUNT, default=50, metavar='N', help='of all videos (default: 50)'
    )
    add_cfg_option(parser)
