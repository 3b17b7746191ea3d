"""Print a script that completes commands and options by Tab.

vsd-mot completion bash > ~/.local/share/bash-completion/completions/vsd-mot
vsd-mot completion zsh > "${fpath[1]}/_vsd-mot"

Needs the package shtab: pip install shtab
"""

from __future__ import annotations

import argparse
import sys

from ..completion import SHELLS, script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('shell', choices=SHELLS)


def work(options: argparse.Namespace) -> int:
    """Print the script."""
    try:
        print(script(options.shell))
    except ImportError:
        print('completion: the package shtab is missing: pip install shtab', file=sys.stderr)
        return 1
    return 0
