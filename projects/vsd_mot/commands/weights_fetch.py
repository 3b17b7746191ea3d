"""Fetch weights by name or address, and check that they are the right ones."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..engine.weight_files.fetching import fetch, place_of, wanted
from .user_errors import one_line_errors

parse_args = parser_of('weights_fetch')


@one_line_errors('weights fetch')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    weights = wanted(options.weights, sha256=options.sha256)
    path = place_of(weights, options.out)
    digest = fetch(
        weights, path, mirror=options.mirror, max_bytes=int(options.max_size * (1 << 30))
    )
    checked = 'as expected' if weights.sha256 else 'none is published to compare it with'
    print(f'{path}: {path.stat().st_size} bytes, SHA-256 {digest} ({checked})')
    if weights.layout:
        print(f'next: vsd-mot convert weights {weights.layout} {path} CONVERTED.pth')
