import gzip
import json

import pytest
import torch

from command_runs import REPOSITORY
from hqtrack_fixtures import table
from published_weights import published
from vsd_mot.commands.convert_weights import LAYOUTS
from vsd_mot.engine.conversion import build_model
from vsd_mot.engine.weight_files.kinds import KINDS, kind_of


def read(name):
    return gzip.decompress((REPOSITORY / f'tests/data/lgmot/{name}.json.gz').read_bytes())


@pytest.mark.parametrize(
    ('model', 'name', 'layout'),
    [('motrv2', 'MOTRv2 as published', 'motrv2'), ('vse', 'VSE-MOT as published', 'vse_mot')],
)
def test_published_trackers(model, name, layout):
    kind = kind_of([f'module.{key}' for key in published(model)])
    assert (kind.name, kind.layout) == (name, layout)


@pytest.mark.parametrize(
    ('file', 'name'),
    [
        ('motrv2_tiny_synthetic', 'MOTRv2'),
        ('vsd-mot_tiny_synthetic', 'VSD-MOT'),
        ('vsd-mot_tiny-nano_real', 'VSD-MOT'),
        ('yolox_tiny_synthetic', 'YOLOX of MMDetection'),
        ('yolox_nano_degraded-person', 'YOLOX of MMDetection'),
    ],
)
def test_shipped_weights(file, name):
    content = torch.load(REPOSITORY / f'demo/{file}.pth', weights_only=True)
    assert kind_of(content['state_dict']).name == name


@pytest.mark.parametrize(
    ('config', 'name'),
    [('vse_mot_r50', 'VSE-MOT'), ('hqtrack_tiny', 'HQTrack'), ('lg_mot', 'LG-MOT')],
)
def test_our_models(config, name):
    model = build_model(REPOSITORY / f'configs/_base_/models/{config}.py')
    assert kind_of(model.state_dict()).name == name


@pytest.mark.parametrize(
    ('names', 'name'),
    [
        (['transformer.level_embed', 'bbox_embed.0.x', 'track_embed.x'], 'MOTR as published'),
        (['transformer.level_embed', 'bbox_embed.0.x'], 'Deformable DETR as published'),
        (['bbox_head.transformer.level_embeds'], 'Deformable DETR of MMDetection'),
        (['bbox_head.cls_branches.0.x', 'level_embed'], 'Deformable DETR of MMDetection'),
        (['visual.conv1.weight', 'token_embedding.weight'], 'CLIP'),
        (['mask_decoder.mask_tokens.weight', 'mask_decoder.hf_token.weight'], 'HQ-SAM'),
        (['mask_decoder.mask_tokens.weight'], 'SAM'),
        (['patch_embed.conv1.weight', 'levels.0.blocks.0.dcn.x'], 'InternImage'),
    ],
)
def test_other_projects(names, name):
    assert kind_of(names).name == name


def test_published_mask_tracker_and_refiner():
    assert kind_of(table('keys')).layout == 'hqtrack'
    assert kind_of(table('samhq_tiny_keys')).name == 'HQ-SAM'


def test_published_graph_tracker_and_its_encoder():
    assert kind_of(json.loads(read('keys'))['state_dict']).layout == 'lg_mot'
    assert kind_of(json.loads(read('reid_keys'))).name == 'ReID of LG-MOT'


def test_what_is_not_known():
    assert kind_of(['conv1.weight', 'layer1.0.bn1.weight']) is None
    assert kind_of([]) is None


def test_layouts_are_those_of_the_converter():
    assert {kind.layout for kind in KINDS} - {None} <= set(LAYOUTS)
