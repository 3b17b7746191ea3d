"""Verify files of weights: data alone, whole, finite, and which ones they are."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..engine.weight_files.verifying import verify
from .user_errors import MENDABLE, message, one_line_errors

parse_args = parser_of('weights_verify')


@one_line_errors('weights verify')
def main(args: Sequence[str] | None = None) -> int:
    """Run the command; the status is 1 where one of the files is not as it should be."""
    options = parse_args(args)
    failed = 0
    for file in options.files:
        try:
            print(verify(file).report())
        except MENDABLE as error:  # the others are looked at all the same
            failed += 1
            print(f'weights verify: {message(error)}', file=sys.stderr)
    return int(failed > 0)
