"""Convert the published HQTrack checkpoint, and InternImage-T for its training, to ours.

HQTrack's ``save_step_42000.pth`` has raw weights, also of parts that its network never reads; they
are listed. InternImage-T (``internimage_t_1k_224.pth``) has a wider fourth stage than HQTrack's
encoder: of its channels every second is taken, as the published script does it.

Examples::

    python tools/model_converters/hqtrack.py save_step_42000.pth checkpoints/hqtrack.pth
    python tools/model_converters/intern_image.py internimage_t_1k_224.pth checkpoints/intern_t.pth
"""

from __future__ import annotations

import re

from torch import Tensor

from .base import Conversion, ConversionError, Rule, convert
from .hqtrack_keys import UNUSED, published_key

PREFIX = 'vmos.'
# Of the fourth stage, what keeps every second channel: of the rows, of the columns, or of both.
COLUMNS = r'levels\.3\..+\.dcn\.(?:offset|mask)\.weight'
BOTH = r'levels\.3\..+\.(?:dcn\.(?:input|output)_proj|mlp\.fc[12])\.weight'
UNCUT = r'levels\.3\..+\.dcn\.(?:offset|mask)\.bias'
FOURTH_STAGE = r'levels\.3\..+'


def convert_hqtrack(source: dict[str, Tensor], target: dict[str, Tensor]) -> Conversion:
    """Convert a published HQTrack checkpoint.

    Args:
        source: The published state dict.
        target: That of our :class:`HQTrack`.

    Raises:
        ConversionError: It is no such checkpoint, or the config describes another network.
    """
    return convert(source, target, _rules(target), layout='HQTrack', person_rows={})


def convert_intern_image(source: dict[str, Tensor], target: dict[str, Tensor]) -> Conversion:
    """Convert an ImageNet InternImage-T to the encoder of HQTrack.

    Args:
        source: The published state dict.
        target: That of our :class:`HQTrack`.

    Raises:
        ConversionError: It is no InternImage, or the config describes another encoder.
    """
    head = Rule(r'(?:conv_head|head)\..+', reason='classifies pictures')
    fitted = {
        key if re.fullmatch(head.pattern, key) else f'encoder.{key}': halve(key, value)
        for key, value in source.items()
    }
    return convert(fitted, target, [*_rules(target), head], layout='InternImage-T', person_rows={})


def halve(key: str, value: Tensor) -> Tensor:
    """Take half of the fourth stage's channels, as HQTrack's encoder has them.

    Args:
        key: Published name in the InternImage checkpoint.
        value: The weight.
    """
    if not re.fullmatch(FOURTH_STAGE, key) or re.fullmatch(UNCUT, key):
        return value
    if re.fullmatch(COLUMNS, key):
        return value[:, ::2]
    if re.fullmatch(BOTH, key):
        return value[::2, ::2]
    return value[::2]


def _rules(target: dict[str, Tensor]) -> list[Rule]:
    """Return the names of our weights in the published checkpoints, and what is dead in these."""
    ours = {
        published_key(key.removeprefix(PREFIX)): key for key in target if key.startswith(PREFIX)
    }
    if not ours:
        raise ConversionError('the config is of no HQTrack: it has no vmos')
    unused = [Rule(pattern, reason=reason) for pattern, reason in UNUSED.items()]
    names = '|'.join(re.escape(name) for name in ours)
    return [*unused, Rule(f'({names})', target=lambda match: ours[match[1]])]
