"""Write a page for the browser: a video with the results of one or several trackers."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from tqdm import tqdm

from vsd_mot_cli import parser_of

from ..evaluation import EvaluationError, MotTextError
from ..evaluation.result_page import make_page
from ..fileio import require_writable, write_atomically
from ..video.reader import open_source
from .user_errors import one_line_errors

parse_args = parser_of('page')


@one_line_errors('page', EvaluationError, MotTextError, OSError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    require_writable(options.out)
    with (
        contextlib.closing(open_source(options.input, fps=options.fps)) as source,
        tqdm(total=options.max_frames or source.length, unit='frame') as bar,
    ):
        page = make_page(
            source,
            dict(options.results),
            ground_truth=options.ground_truth,
            megabytes=options.max_megabytes,
            max_frames=options.max_frames,
            progress=bar.update,
        )
    write_atomically(options.out, page)
    print(f'page: {options.out} ({len(page) / 1e6:.1f} MB)')
