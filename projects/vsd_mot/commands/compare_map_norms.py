"""Compare the norms of VSE-MOT's maps where every GPU has one clip: a batch is one map."""

from __future__ import annotations

from collections.abc import Sequence

from mmengine.registry import init_default_scope

from vsd_mot_cli import parser_of

from ..evaluation.map_norms import NORMS, Clips, measure, train
from .user_errors import one_line_errors

TEST_CLIPS = 20
TEST_SEED = 1000  # added to the seed of the clips to learn from


parse_args = parser_of('compare_map_norms')


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
