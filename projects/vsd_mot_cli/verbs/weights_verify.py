"""Verify files of weights: data alone, whole, finite, and which ones they are.

Each is read without running anything in it. Its digest is looked up in the list of published
weights; a file that has the name of one of them and is another one is an error.

Example:
    vsd-mot weights verify checkpoints/*.pth
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('files', nargs='+', help='of PyTorch, safetensors, or TorchScript archives')
