"""Print the whole of a config: what its bases and the options make of it, on one page.

python tools/misc/print_config.py configs/vsd_mot/CONFIG.py
python tools/misc/print_config.py NAME_OF_A_SHIPPED_CONFIG --cfg-options model.semantics=None
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..engine.configs import load_config
from .command_line import add_cfg_options, command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('config', help='config file, or name of a shipped config')
    add_cfg_options(parser)
    return parser.parse_args(args)


@one_line_errors('print_config')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    print(load_config(options.config, options.cfg_options).pretty_text)
