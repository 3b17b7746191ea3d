"""Label maps as files: PNGs whose pixels are identities."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from ..fileio import write_atomically
from ..images import image_size


def davis_palette(count: int = 256) -> np.ndarray:
    """``(count, 3)`` uint8 RGB colours of identities, as PASCAL VOC and DAVIS have them.

    Bit k of an identity's three lowest bits, then of the next three and so on, goes to red,
    green, blue, the lowest three to the highest bit of the colours.
    """
    identities = np.arange(count)
    colours = np.zeros((count, 3), np.uint8)
    for place in range(8):
        for channel in range(3):
            bit = (identities >> (3 * place + channel)) & 1
            colours[:, channel] |= (bit << (7 - place)).astype(np.uint8)
    return colours


def encode_label_map(labels: np.ndarray) -> bytes:
    """Return a label map as PNG: coloured by a palette up to identity 255, else 16 bits of grey.

    Args:
        labels: ``(H, W)`` integers in 0..65535.

    Raises:
        ValueError: An identity does not fit into 16 bits.
    """
    largest = int(labels.max(initial=0))
    if largest > 65535 or labels.min(initial=0) < 0:
        raise ValueError(
            f'identities of a label map must be in 0..65535, got {labels.min()}..{largest}'
        )
    if largest < 256:
        image = Image.fromarray(labels.astype(np.uint8), mode='P')
        image.putpalette(davis_palette().flatten().tolist())
    else:
        image = Image.fromarray(labels.astype(np.uint16))
    buffer = io.BytesIO()
    image.save(buffer, 'PNG')
    return buffer.getvalue()


def write_label_map(path: str | Path, labels: np.ndarray) -> None:
    """Write a label map as :func:`encode_label_map` makes it; the file appears whole."""
    write_atomically(path, encode_label_map(labels), sync=False)


def read_label_map(path: str | Path) -> np.ndarray:
    """Read a label map: a PNG with a palette, or of grey with 8 or 16 bits.

    Returns:
        ``(H, W)`` int32 identities.

    Raises:
        ValueError: There is no such file, it has colours instead of identities, or is of a format
            that may change them (JPEG).
    """
    try:
        image_size(path)  # refuses what is no file, or too large
        with Image.open(path, formats=('PNG',)) as image:
            labels = np.array(image)
    except FileNotFoundError as error:
        raise ValueError(f'{path}: no such label map') from error
    except Exception as error:  # Pillow's readers fail in many ways
        raise ValueError(
            f'{path}: cannot be read as a label map, which is a PNG: {error}'
        ) from error
    if labels.ndim != 2:
        raise ValueError(
            f'{path}: has {labels.shape[-1]} channels of colour; a label map has one, whose values '
            'are identities (PNG with a palette, or grey)'
        )
    return labels.astype(np.int32)
