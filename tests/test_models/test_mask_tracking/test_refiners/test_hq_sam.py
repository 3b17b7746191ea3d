"""HQ-SAM: the published numbers, one encoding for all boxes, a lazy and harmless import."""

import sys

import pytest
import torch

from hqtrack_fixtures import clip, largest_difference, numbers, table, weight
from vsd_mot.models.mask_tracking.refiners.hq_sam import HQSAM, import_package


@pytest.fixture(scope='module')
def refiner():
    """The small HQ-SAM of the fixture, its weights by the rule."""
    import_package()
    from functools import partial

    from segment_anything_hq.modeling import (
        ImageEncoderViT,
        MaskDecoderHQ,
        PromptEncoder,
        Sam,
        TwoWayTransformer,
    )

    sam = Sam(
        image_encoder=ImageEncoderViT(
            img_size=128,
            patch_size=16,
            embed_dim=64,
            depth=4,
            num_heads=4,
            mlp_ratio=4,
            out_chans=32,
            qkv_bias=True,
            norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
            use_rel_pos=True,
            window_size=5,
            global_attn_indexes=(1, 3),
        ),
        prompt_encoder=PromptEncoder(
            embed_dim=32, image_embedding_size=(8, 8), input_image_size=(128, 128), mask_in_chans=16
        ),
        mask_decoder=MaskDecoderHQ(
            num_multimask_outputs=3,
            transformer=TwoWayTransformer(depth=2, embedding_dim=32, mlp_dim=64, num_heads=8),
            transformer_dim=32,
            iou_head_depth=3,
            iou_head_hidden_dim=table('samhq_tiny_keys')[
                'mask_decoder.iou_prediction_head.layers.0.bias'
            ][0],
            vit_dim=64,
        ),
        pixel_mean=[123.675, 116.28, 103.53],
        pixel_std=[58.395, 57.12, 57.375],
    )
    shapes = table('samhq_tiny_keys')
    assert {key: list(value.shape) for key, value in sam.state_dict().items()} == shapes
    sam.load_state_dict({key: weight(f'samhq.{key}', shape) for key, shape in shapes.items()})
    return HQSAM(model=sam)


def test_answers_are_the_published_ones(refiner):
    expected = numbers('samhq_tiny')
    picture = torch.from_numpy(clip(2, 90, 130, 5)[0][1]).permute(2, 0, 1)
    boxes = expected['boxes'].float()
    refiner.set_picture(picture)
    masks, scores, low = refiner.predict(boxes)
    assert largest_difference(refiner.predictor.features, expected['embedding']) < 1e-3
    assert largest_difference(low[:, 0], expected['low_res']) < 1e-3
    assert largest_difference(scores, expected['iou']) < 1e-4
    assert (masks[:, 0] == expected['masks']).float().mean() >= 0.999
    assert torch.equal(refiner(picture, boxes), masks[:, 0])


def test_a_picture_is_encoded_once_for_all_boxes(refiner):
    calls = []
    hook = refiner.predictor.model.image_encoder.register_forward_hook(
        lambda module, inputs, output: calls.append(1)
    )
    picture = torch.randint(0, 256, (3, 60, 80), dtype=torch.uint8)
    masks = refiner(picture, torch.tensor([[0.0, 0, 20, 20], [10, 10, 50, 40], [5, 5, 5, 5]]))
    hook.remove()
    assert len(calls) == 1
    assert masks.shape == (3, 60, 80)


def test_timm_keeps_its_own_models():
    import_package()
    import timm

    assert timm.models._registry._model_entrypoints['tiny_vit_5m_224'].__module__ == (
        'timm.models.tiny_vit'
    )


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, 'segment_anything_hq', None)
    with pytest.raises(ImportError, match=r"pip install 'vsd_mot.masks.'"):
        HQSAM('vit_b')


def test_an_unknown_variant_is_refused():
    with pytest.raises(ValueError, match="no variant 'vit_g'; there are vit_h, vit_l"):
        HQSAM('vit_g')
