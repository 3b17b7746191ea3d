"""Make a synthetic tracking set in MOTChallenge layout, with annotation files."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..datasets.converters import convert_mot
from ..datasets.synthetic import SyntheticSettings, make_synthetic_set
from .user_errors import one_line_errors

parse_args = parser_of('synthesize')


@one_line_errors('make_synthetic', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    settings = SyntheticSettings(
        seed=options.seed,
        train_sequences=options.train_sequences,
        val_sequences=options.val_sequences,
        frames=options.frames,
        width=options.size[0],
        height=options.size[1],
        min_people=options.people[0],
        max_people=options.people[1],
        frame_rate=options.frame_rate,
        jpeg_quality=options.jpeg_quality,
        label_maps=options.label_maps,
    )
    make_synthetic_set(options.dst, settings, workers=options.workers)
    print(convert_mot([options.dst], progress=False).report)
