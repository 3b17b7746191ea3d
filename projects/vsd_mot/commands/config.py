"""Print the whole of a config: what its bases and the options make of it, on one page."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..engine.configs import load_config
from .user_errors import one_line_errors

parse_args = parser_of('config')


@one_line_errors('print_config')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    print(load_config(options.config, options.cfg_options).pretty_text)
