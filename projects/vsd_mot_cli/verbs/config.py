"""Print the whole of a config, with its bases, on one page.

vsd-mot config configs/vsd_mot/CONFIG.py
vsd-mot config NAME_OF_A_SHIPPED_CONFIG --cfg-option model.semantics=None
"""

from __future__ import annotations

import argparse

from ..options import add_cfg_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config file, or name of a shipped config')
    add_cfg_option(parser)
