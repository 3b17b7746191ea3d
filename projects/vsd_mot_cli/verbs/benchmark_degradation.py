"""Measure the degradation against its straightforward torch form.

The reference is what one would write first: every kernel as a padded 21 x 21 convolution, torch's
interpolation, ``torch.randn`` and ``torch.poisson``, and a differentiable-JPEG-like compression by
a dense 64 x 64 DCT matrix. Both get the same parameters and the same frames.

Example::

    vsd-mot benchmark-degradation --size 1920 1080 --videos 20
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT, PIXELS
from ..options import add_workers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('--size', type=PIXELS, nargs=2, default=(1920, 1080), metavar=('W', 'H'))
    parser.add_argument('--videos', type=COUNT, default=20, help='cameras, one frame of each')
    add_workers(parser, '--cores', default=None, what='cores')
