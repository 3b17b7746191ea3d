"""Convert sequences in MOTChallenge layout to the annotation files that the configs read."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..datasets.converters import convert_mot
from .user_errors import one_line_errors

parse_args = parser_of('convert_mot')


@one_line_errors('mot2coco', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    conversion = convert_mot(
        options.src,
        output=options.output,
        root=options.root,
        train_sequences=options.train_sequences,
        val_sequences=options.val_sequences,
        half=options.split == 'half',
        lists=options.lists,
        detector=options.detector,
        person_classes=options.person_classes,
        gt_format=options.gt_format,
    )
    print(conversion.report)
