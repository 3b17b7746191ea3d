"""List the published weights that are known here.

What for, where, licence, size, checksum, and how to get them; "unknown" is what nobody publishes.

Examples:
    vsd-mot weights list
    vsd-mot weights list clip
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('word', nargs='?', default='', help='only those with it in name or use')
