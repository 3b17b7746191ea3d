"""Compare the norms of VSE-MOT's maps, a clip for every GPU.

    vsd-mot compare-map-norms

Adapter and VSFM learn, from made-up clips, to add the vector that image feature and query contents
call for; no tracker is involved, and the maps are small, so that minutes on a CPU tell. Printed for
each norm, over several seeds:

- val: error of the held-out clips in eval mode, as a share of the error of adding the mean
- train: the same in training mode without dropout, running statistics left alone
- gap: how far the added vector differs between training and eval mode, relative to its length
- count: how far it moves when the same queries come twice, relative to its length
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT, SHARE, Range


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('--steps', type=COUNT, default=300, help='clips to learn from')
    parser.add_argument('--lr', type=Range(float, 0, above=True), default=1e-3, help='of AdamW')
    parser.add_argument('--seeds', type=COUNT, default=2)
    parser.add_argument('--width', type=COUNT, default=32, help='of contents and maps')
    parser.add_argument('--queries', type=COUNT, nargs=2, default=(4, 16), help='fewest and most')
    parser.add_argument('--dropout', type=SHARE, default=0.1)
