"""Fetch weights by name or address, and check that they are the right ones.

A download that broke off goes on from there. The file appears when it is whole and is the one
that is expected. Without encryption (http) a file is fetched from this machine, or where its
whole SHA-256 is known. HF_ENDPOINT names another hub than huggingface.co.

Examples:
    vsd-mot weights fetch yolox-s-coco
    vsd-mot weights fetch hf://OpenGVLab/InternImage/internimage_t_1k_224.pth --out checkpoints/
    vsd-mot weights fetch motrv2-dancetrack --mirror ~/Downloads
"""

from __future__ import annotations

import argparse

from ..numbers import Range


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'weights',
        help='a name of `vsd-mot weights list`, an address, or hf://owner/name[/file][@revision]',
    )
    parser.add_argument(
        '--out', metavar='PATH', help='file, or folder with / behind it (default: checkpoints/)'
    )
    parser.add_argument(
        '--mirror', metavar='URL_OR_FOLDER',
        help='where files lie by their names; nothing else is asked then',
    )  # fmt: skip
    parser.add_argument(
        '--sha256', metavar='DIGEST',
        help='of the file, or its first 8 digits or more (default: that of the list)',
    )  # fmt: skip
    parser.add_argument(
        '--max-size', type=Range(float, 0, above=True), default=20.0, metavar='GIB',
        help='the largest file that is taken (default: 20)',
    )  # fmt: skip
