"""Convert stored results or ground truth from one format into another, without tracking."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..datasets.tracks import convert_tracks
from .user_errors import one_line_errors

parse_args = parser_of('convert_tracks')


@one_line_errors('convert_tracks')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    lines = convert_tracks(
        options.source,
        options.out,
        to=options.to,
        kind=options.kind,
        video=options.video,
        fps=options.fps,
        size=None if options.size is None else tuple(options.size),
    )
    print('\n'.join(lines))
