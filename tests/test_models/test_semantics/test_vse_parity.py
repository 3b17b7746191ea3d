"""The whole of VSE-MOT against the published implementation: four frames, given features."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS

import vsd_mot  # noqa: F401, registers the parts
from vsd_mot.engine.conversion import convert_vse_mot
from vsd_mot.models.query_tracking.queries import Proposals
from vsd_mot.models.semantics import FrameDescription
from weight_rule import make

DATA = Path(__file__).parents[2] / 'data/golden'
CONFIG = 'configs/_base_/models/vse_mot_r50_published.py'
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
ORIGINAL_SIZE = (480, 672)


@pytest.fixture(scope='module')
def golden() -> dict[str, torch.Tensor]:
    with np.load(DATA / 'vse_infer.npz') as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays}


@pytest.fixture(scope='module')
def conversion():
    """A tracker of the published layout, and the conversion of the fixture's weights to it."""
    init_default_scope('mmtrack')
    cfg = Config.fromfile(CONFIG)
    cfg.merge_from_dict({'model.lifecycle.miss_tolerance': 3})
    model = MODELS.build(cfg.model)
    shapes = json.loads((DATA / 'vse_keys.json').read_text())
    published = {key: torch.from_numpy(make('public', key, shape)) for key, shape in shapes.items()}
    return model.eval(), convert_vse_mot(published, model.state_dict()), published


def test_every_published_weight_is_used(conversion):
    model, converted, published = conversion
    assert set(converted.used) == set(published)
    assert not converted.dropped
    assert set(converted.weights) == set(model.state_dict())


def test_the_encoder_comes_with_the_checkpoint(conversion):
    _, converted, published = conversion
    encoder = [key for key in published if key.startswith('image_encoder.')]
    assert len(encoder) == 339
    assert {converted.used[key].split('.visual.')[0] for key in encoder} == {
        'semantics.source.encoder'
    }


@torch.no_grad()
def test_four_frames_are_the_published_ones(conversion, golden):
    model, converted, _ = conversion
    model.load_state_dict(converted.weights)
    model.reset()
    height, width = ORIGINAL_SIZE
    images = (golden['images'].permute(0, 3, 1, 2) / 255 - MEAN) / STD
    features = model.extract(images)
    answers = []
    model.decoder.register_forward_hook(lambda module, inputs, output: answers.append(output))
    for index, encoded in enumerate(features):
        rows = golden[f'f{index}_proposals']
        description = FrameDescription(image_feature=golden[f'f{index}_image_feature'])
        reported, _ = model.track(
            ORIGINAL_SIZE,
            encoded,
            description=description,
            proposals=Proposals(rows[:, :4], rows[:, 4]),
        )
        expected = {
            name: golden[f'f{index}_{name}'] for name in ('hs', 'pred_logits', 'pred_boxes')
        }
        answer = answers[-1]
        torch.testing.assert_close(answer.states, expected['hs'], atol=2e-4, rtol=0)
        torch.testing.assert_close(answer.logits[-1], expected['pred_logits'], atol=5e-4, rtol=0)
        torch.testing.assert_close(answer.boxes[-1], expected['pred_boxes'], atol=3e-5, rtol=0)

        ids, scores = golden[f'f{index}_obj_idxes'], expected['pred_logits'].sigmoid()[:, 0]
        boxes = bbox_cxcywh_to_xyxy(expected['pred_boxes'])
        boxes = boxes * boxes.new_tensor([width, height, width, height])
        area = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
        shown = (ids >= 0) & (scores > 0.5) & (area > 100)
        assert reported.instances_id.tolist() == ids[shown].tolist()
        torch.testing.assert_close(reported.bboxes, boxes[shown], atol=0.05, rtol=0)
