"""Convert a published VSE-MOT checkpoint to ours: MOTRv2's part and the semantic branch.

Example::

    python tools/model_converters/vse_mot.py vse_mot_lqdancetrack.pth checkpoints/vse_mot.pth
"""

from __future__ import annotations

import re

from torch import Tensor

from .base import Conversion, Rule
from .motrv2 import RULES, convert_with
from .vse_mot_keys import vse_mot_key


def branch_rules(keys: list[str]) -> list[Rule]:
    """Return a rule for each of the keys that belongs to the semantic branch."""
    return [Rule(re.escape(key), name) for key in keys if (name := vse_mot_key(key)) is not None]


def convert_vse_mot(source: dict[str, Tensor], target: dict[str, Tensor]) -> Conversion:
    """Convert a published VSE-MOT state dict.

    Args:
        source: The published state dict.
        target: Ours, of a freshly built model.

    Returns:
        The weights and the account of all keys.
    """
    return convert_with([*branch_rules(list(source)), *RULES], source, target, layout='VSE-MOT')
