"""The published MOTRv2 with generated weights, and the fixtures made by running it."""

import gzip
import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from mmengine.config import Config
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from mmtrack.utils import register_all_modules
from torch import Tensor

from vsd_mot.engine.conversion import convert_motrv2
from weight_rule import make

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / 'configs/_base_/models/motrv2_r50.py'


@cache
def published_weights() -> dict[str, Tensor]:
    """A state dict with the published keys and shapes, its weights by the weight rule."""
    keys = json.loads(gzip.decompress((ROOT / 'tests/data/published_keys.json.gz').read_bytes()))
    return {
        key: torch.from_numpy(np.asarray(make('public', key, shape)))
        for key, (shape, _) in keys['motrv2'].items()
    }


def published_tracker(**changes):
    """Our full-size MOTRv2 with the generated weights, through the converter.

    Args:
        changes: Changes of the model's config, ``encoder__with_cp=True`` for a nested one.
    """
    register_all_modules(init_default_scope=True)
    config = Config.fromfile(CONFIG)
    config.merge_from_dict({f'model.{k.replace("__", ".")}': v for k, v in changes.items()})
    model = MODELS.build(config.model)
    weights = convert_motrv2(published_weights(), model.state_dict()).weights
    model.load_state_dict(weights, strict=True)
    return model


def load_fixture(name: str) -> SimpleNamespace:
    """A fixture: ``arrays`` by name as tensors, ``facts`` as a dictionary."""
    folder = ROOT / 'tests/data/golden'
    with np.load(folder / f'{name}.npz') as file:
        arrays = {key: torch.from_numpy(file[key]) for key in file.files}
    return SimpleNamespace(arrays=arrays, facts=json.loads((folder / f'{name}.json').read_text()))


def fixture_inputs(arrays: dict[str, Tensor], padded: tuple[int, int] | None = None):
    """The frames as the data preprocessor gives them, (1, T, 3, H, W)."""
    raw = arrays['images'].permute(0, 3, 1, 2)[None]
    mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    images = (raw.float() / 255 - mean) / std
    if padded is not None:
        margin = (0, padded[1] - raw.shape[-1], 0, padded[0] - raw.shape[-2])
        images = torch.nn.functional.pad(images, margin)
        raw = torch.nn.functional.pad(raw, margin)
    return dict(img=images, raw=raw)


def in_pixels(boxes: Tensor, height: int, width: int) -> Tensor:
    """Normalised (cx, cy, w, h), ``(k, 4)``, as (x1, y1, x2, y2) in pixels."""
    corners = torch.cat((boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2), dim=1)
    return corners * torch.tensor([width, height, width, height])


def fixture_clip(arrays: dict[str, Tensor]) -> TrackDataSample:
    """The clip's objects and proposals as the pipeline packs them."""
    length, height, width = arrays['images'].shape[:3]
    frames = range(length)
    objects = [arrays[f'f{t}_gt_boxes'] for t in frames]
    proposals = [arrays[f'f{t}_proposals'].reshape(-1, 5) for t in frames]

    def frame_of(instances):
        return torch.cat([torch.full((len(boxes),), t) for t, boxes in enumerate(instances)])

    sample = TrackDataSample(
        metainfo=dict(img_shape=[(height, width)] * length, img_path=['a/1.jpg'] * length)
    )
    sample.gt_instances = InstanceData(
        bboxes=in_pixels(torch.cat(objects), height, width),
        labels=torch.zeros(sum(map(len, objects)), dtype=torch.long),
        instances_id=torch.cat([arrays[f'f{t}_gt_obj_ids'].long() for t in frames]),
        img_idx=frame_of(objects),
    )
    sample.proposals = InstanceData(
        bboxes=in_pixels(torch.cat(proposals)[:, :4], height, width),
        scores=torch.cat(proposals)[:, 4],
        img_idx=frame_of(proposals),
    )
    return sample
