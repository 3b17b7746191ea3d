"""Convert CrowdHuman to annotation files in which every image is a video of one frame."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..datasets.converters import convert_crowdhuman
from .user_errors import one_line_errors

parse_args = parser_of('convert_crowdhuman')


@one_line_errors('crowdhuman2coco', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    conversion = convert_crowdhuman(
        options.src,
        output=options.output,
        subsets=tuple(options.subsets),
        images=options.images,
    )
    print(conversion.report)
