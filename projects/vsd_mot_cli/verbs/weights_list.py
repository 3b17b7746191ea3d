"""List the published weights that are known here.

What for, where, licence, size, checksum, and how to get them; "unknown" is what nobody publishes.

Examples:
    vsd-mot weights list
    vsd-mot weights list clip
"""

from __future__ import annotations

import argparse
import sys

from ..published_weights import describe_published


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('word', nargs='?', default='', help='only those with it in name or use')


def work(options: argparse.Namespace) -> int:
    """Print them, without waiting for PyTorch."""
    entries = describe_published(options.word)
    if not entries:
        print(
            f'weights list: no weights have {options.word!r} in their name or use', file=sys.stderr
        )
        return 1
    print('\n\n'.join(entries))
    return 0
