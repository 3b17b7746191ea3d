"""Compare the norms of VSE-MOT's maps where every GPU has one clip: a batch is one map.

    python tools/analysis_tools/compare_map_norms.py

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
from collections.abc import Sequence

from mmengine.registry import init_default_scope

from ..evaluation.map_norms import NORMS, Clips, measure, train
from .command_line import command_parser
from .user_errors import one_line_errors

TEST_CLIPS = 20
TEST_SEED = 1000  # added to the seed of the clips to learn from


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('--steps', type=int, default=300, help='clips to learn from')
    parser.add_argument('--lr', type=float, default=1e-3, help='of AdamW')
    parser.add_argument('--seeds', type=int, default=2)
    parser.add_argument('--width', type=int, default=32, help='of contents and maps')
    parser.add_argument('--queries', type=int, nargs=2, default=(4, 16), help='fewest and most')
    parser.add_argument('--dropout', type=float, default=0.1)
    return parser.parse_args(args)


@one_line_errors('compare_map_norms')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    init_default_scope('mmtrack')
    queries = tuple(options.queries)
    print(f'{"norm":<10} seed    val  train    gap  count')
    for seed in range(options.seeds):
        for norm in NORMS:
            model = train(
                norm,
                Clips(options.width, queries, seed),
                steps=options.steps,
                lr=options.lr,
                dropout=options.dropout,
                seed=seed,
            )
            errors = measure(model, Clips(options.width, queries, TEST_SEED + seed), TEST_CLIPS)
            print(
                f'{norm:<10} {seed:>4} {errors.val:6.3f} {errors.train:6.3f} '
                f'{errors.gap:6.3f} {errors.count:6.3f}',
                flush=True,
            )
