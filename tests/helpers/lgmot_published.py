"""Numbers that the published LG-MOT code gave, and the weights that it gave them with."""

import gzip
import json
import re
import zlib
from pathlib import Path

import numpy as np
import torch

from vsd_mot.datasets.track_clips import (
    Detections,
    GroundTruth,
    assign_identities,
    clamp_to_integers,
)
from vsd_mot.engine.conversion import (
    Conversion,
    convert_lg_mot,
    convert_lg_mot_without_prompts,
)
from vsd_mot.models.graph_tracking.tracklets import ClipDetections

DATA = Path(__file__).parents[1] / 'data' / 'lgmot'
TRAIN_CLIPS = ['MOT17-02-SDP', 'MOT17-04-SDP']


def arrays(name):
    return np.load(DATA / f'{name}.npz')


def numbers(name):
    with gzip.open(DATA / f'{name}.json.gz', 'rt') as file:
        return json.load(file)


def tensor(values):
    values = torch.as_tensor(np.asarray(values))
    return values.long() if values.dtype in (torch.int32, torch.int16) else values


def scene(name):
    """A published sequence after our preparation, its fixture, and the lines of ``det``."""
    data = arrays(f'scene_{name}')
    det, truth = data['det'], data['gt']
    line = np.flatnonzero(det[:, 6] >= 0.65)
    line = line[np.argsort(det[line, 0], kind='stable')]
    frames = det[line, 0].astype(int)
    boxes = det[line, 2:6] - [1, 1, 0, 0]
    boxes = clamp_to_integers(boxes, int(data['width']), int(data['height']))
    truth = truth[np.isin(truth[:, 7], (1, 2, 7, 8, 12))]
    ground_truth = GroundTruth(
        frames=truth[:, 0].astype(int),
        boxes=truth[:, 2:6] - [1, 1, 0, 0],
        identities=truth[:, 1].astype(int),
    )
    identities = assign_identities(frames, boxes, ground_truth)
    table = data['inst_table']
    detections = Detections(
        frames=frames,
        boxes=boxes,
        scores=det[line, 6],
        appearance=data['appearance'][line],
        identities=identities,
        # The background row of data whose path contains "MOT" is row 0.
        descriptions=table[np.maximum(identities, 0)],
        scene=data['scene_vec'][0],
        frame_rate=float(data['fps']),
    )
    return detections, data, line


def clip(number):
    """Training clip of a number, as tensors."""
    name, first, last = numbers('windows')['scenes']['train'][number]
    return ClipDetections.of(scene(name)[0].between(first, last))


def rule_weights(key, shape):
    """The fixtures' weight rule."""
    random = np.random.RandomState(zlib.crc32(key.encode())).standard_normal(shape)
    if key == 'edge_level_embed.weight':
        std = 0.3
    elif key.endswith('.bias'):
        std = 0.1
    else:
        std = (0.9 if key.startswith('layers.0.') else 1.05) / np.sqrt(shape[1])
    value = torch.from_numpy((random * std).astype(np.float32))
    if key == 'layers.0.classifier.edge_mlp.fc_layers.3.bias':
        value.fill_(-0.5)
    return value


def rule_state(width=32):
    """The published state dict by the weight rule, for appearance vectors of a width."""
    state = {}
    for key, shape in numbers('keys')['state_dict'].items():
        # The first of the names that a shared tensor has.
        first = re.sub(r'^layers\.[23]\.', 'layers.1.', key)
        state[key] = rule_weights(first, [width if size == 2048 else size for size in shape])
    return state


def convert(state, hierarchy, prompts=True) -> Conversion:
    """Convert published weights for a tracker with a hierarchy."""
    target = {f'hierarchy.{key}': value for key, value in hierarchy.state_dict().items()}
    return (convert_lg_mot if prompts else convert_lg_mot_without_prompts)(state, target)


def load(hierarchy, state, prompts=True):
    """Load published weights; returns our name of each of theirs."""
    conversion = convert(state, hierarchy, prompts)
    ours = {key.removeprefix('hierarchy.'): value for key, value in conversion.weights.items()}
    hierarchy.load_state_dict(ours)
    return {theirs: key.removeprefix('hierarchy.') for theirs, key in conversion.used.items()}
