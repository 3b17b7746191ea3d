"""Checkpoints in the published layouts, and ours converted from them."""

import gzip
import json
from functools import cache
from pathlib import Path

import numpy as np
import torch

from vsd_mot.engine.conversion import motrv2
from vsd_mot.engine.conversion.base import (
    Conversion,
    build_model,
)
from weight_rule import make

ROOT = Path(__file__).resolve().parents[2]


CONFIG = ROOT / 'configs/_base_/models/motrv2_r50.py'


@cache
def published(model: str) -> dict[str, torch.Tensor]:
    """A state dict with the published keys and shapes, its weights by the weight rule."""
    keys = json.loads(gzip.decompress((ROOT / 'tests/data/published_keys.json.gz').read_bytes()))
    weights = {
        # CLIP's weights are many, and any will do
        key: torch.full(shape, 0.5)
        if key.startswith('image_encoder.')
        else torch.from_numpy(np.asarray(make('public', key, shape)))
        for key, (shape, _) in keys[model].items()
    }
    weights |= {alias: weights[key] for alias, key in keys[f'{model}_aliases'].items()}
    return weights


@cache
def tracker() -> torch.nn.Module:
    return build_model(CONFIG)


@cache
def target() -> dict[str, torch.Tensor]:
    return tracker().state_dict()


@cache
def converted() -> Conversion:
    return motrv2.convert_motrv2(published('motrv2'), target())
