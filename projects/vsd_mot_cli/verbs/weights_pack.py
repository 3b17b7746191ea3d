"""Pack weights as safetensors with a model card, or back as .pth.

The weights keep names, types and values; what only a training needs stays behind, and is named.
The card has the config as text, classes, data, licence, and name and SHA-256 of the source.

Examples:
    vsd-mot weights pack epoch_8.pth street.safetensors --config my_config.py --licence Apache-2.0
    vsd-mot weights pack street.safetensors street.pth
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('source', help='the weights')
    parser.add_argument('out', help='the file to write: .safetensors, .pth or .pt')
    parser.add_argument('--config', help='config whose model fits; its text goes on the card')
    parser.add_argument(
        '--classes', nargs='+', metavar='NAME', help='in order (default: as the checkpoint says)'
    )
    parser.add_argument('--data', metavar='TEXT', help='what they were trained on')
    parser.add_argument('--licence', '--license', metavar='TEXT', help='such as Apache-2.0')
