"""Numbers made by running the published HQTrack, and the weights and clips they belong to.

Copies of the project's HQTrack fixtures, cut down: what follows from a rule (inputs, frames,
labels) is left out, of gpm.npz every second row is kept, JSON is packed. Weights are functions of
their published name.
"""

import gzip
import json
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules
from torch import Tensor

from vsd_mot.engine.conversion.hqtrack_keys import published_key

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / 'tests/data/hqtrack'
CONFIG = ROOT / 'configs/_base_/models/hqtrack_intern-t.py'
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def numbers(name: str) -> dict[str, Tensor]:
    """The arrays of a fixture file, by name."""
    with np.load(DATA / f'{name}.npz') as stored:
        return {key: torch.from_numpy(np.asarray(value)) for key, value in stored.items()}


def table(name: str):
    """The content of a fixture's JSON."""
    return json.loads(gzip.decompress((DATA / f'{name}.json.gz').read_bytes()))


def drawn(name: str, shape: tuple[int, ...]) -> Tensor:
    """Standard normal numbers that belong to a name."""
    values = np.random.RandomState(zlib.crc32(name.encode())).standard_normal(shape)
    return torch.from_numpy(values.astype(np.float32))


def weight(name: str, shape: Sequence[int]) -> Tensor:
    """The weight that belongs to a published name. Do not write into it."""
    return _weight(name, tuple(shape))


@cache
def _weight(name: str, shape: tuple[int, ...]) -> Tensor:
    values = np.random.RandomState(zlib.crc32(name.encode())).standard_normal(shape)
    if len(shape) >= 2:
        values = values / np.sqrt(np.prod(shape[1:]))
    elif name.endswith('bias'):
        values = 0.1 * values
    else:
        values = 1.0 + 0.1 * values
    return torch.from_numpy(np.asarray(values, np.float32))


@cache
def published_weights() -> dict[str, Tensor]:
    """A state dict with the published keys and shapes, its weights by the rule."""
    return {key: weight(key, shape) for key, (shape, *_) in table('keys').items()}


def load_by_name(module: torch.nn.Module, prefix: str = '') -> torch.nn.Module:
    """Fill VMOS, or its part under a prefix, with the published weights; in evaluation mode."""
    weights = {
        key: weight(published_key(prefix + key), value.shape)
        for key, value in module.state_dict().items()
    }
    module.load_state_dict(weights, strict=True)
    return module.eval()


def published_vmos(**changes) -> torch.nn.Module:
    """The full-size VMOS with the published weights.

    Args:
        changes: Changes of the config, ``propagation__window=7`` for a nested one.
    """
    register_all_modules(init_default_scope=True)
    config = Config.fromfile(CONFIG).model.vmos
    for key, value in changes.items():
        *path, last = key.split('__')
        part = config
        for name in path:
            part = part[name]
        part[last] = value
    return load_by_name(MODELS.build(config))


def clip(frames: int = 8, height: int = 145, width: int = 209, seed: int = 7):
    """Moving ellipses 1 and 2, a third from frame 3 on.

    Returns:
        ``(T, h, w, 3)`` uint8 RGB and ``(T, h, w)`` uint8 labels.
    """
    rng = np.random.RandomState(seed)
    rows, columns = np.mgrid[:height, :width]
    waves = [90 + 50 * np.sin(columns / 17.0 + c) + 40 * np.cos(rows / 11.0 - c) for c in range(3)]
    backdrop = np.stack(waves, -1) + rng.standard_normal((height, width, 3)) * 6
    colours = np.array([[220, 60, 40], [50, 200, 90], [60, 80, 230]], float)
    h, w = height, width
    pictures, labels = [], []
    for t in range(frames):
        picture, label = backdrop, np.zeros((h, w), np.uint8)
        ellipses = [
            (h * 0.35 + 3 * t, w * 0.25 + 6 * t, h * 0.18, w * 0.10),
            (h * 0.65 - 2 * t, w * 0.70 - 5 * t, h * 0.14, w * 0.16),
            (h * 0.20 + 2 * t, w * 0.80 - 3 * t, h * 0.10, w * 0.07),
        ]
        for at, (y, x, ry, rx) in enumerate(ellipses):
            if at == 2 and t < 3:
                continue
            inside = ((rows - y) / ry) ** 2 + ((columns - x) / rx) ** 2 <= 1
            painted = colours[at] + 20 * np.sin((columns + rows) / 5.0)[..., None]
            picture = np.where(inside[..., None], painted, picture)
            label[inside] = at + 1
        pictures.append(np.clip(np.round(picture), 0, 255).astype(np.uint8))
        labels.append(label)
    return np.stack(pictures), np.stack(labels)


def network_input(pictures: np.ndarray) -> Tensor:
    """Normalised ``(B, 3, h, w)`` of uint8 RGB pictures ``(B, h, w, 3)``."""
    images = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    return (images - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def largest_difference(found: Tensor, expected: Tensor) -> float:
    """The largest absolute difference of two tensors of one shape."""
    assert found.shape == expected.shape, (found.shape, expected.shape)
    return (found - expected).abs().max().item()
