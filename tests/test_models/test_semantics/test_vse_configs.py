"""The configs of VSE-MOT: they build, train a step and track."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from tracking_samples import batch, build_tracker, make_clip, make_video

FOLDER = Path(__file__).parents[3] / 'configs/vse_mot'
TINY = sorted(path.name for path in FOLDER.glob('*_tiny_*.py'))
FULL = sorted(path.name for path in FOLDER.glob('*_r50_*.py'))
VSE_MOT = next(name for name in TINY if name.startswith('vse-mot_tiny'))
PUBLISHED = 'vse-mot-published_r50_test-lqdancetrackval.py'


def tiny_tracker(name: str):
    """The tracker of a tiny config without downloads, with a small input of the encoder."""
    path = str(FOLDER / name)
    semantics = Config.fromfile(path).model.semantics
    changes = {'detector': None}
    if 'encoder' in semantics.source:
        encoder = 'semantics__source__encoder__'
        changes |= {f'{encoder}weights': None, f'{encoder}size': (32, 32)}
    if 'distillation' in semantics:
        changes['semantics__distillation'] = None
    return build_tracker(path, **changes)


@pytest.mark.parametrize('name', TINY)
def test_a_tiny_config_trains(name):
    model = tiny_tracker(name).train()
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    inputs = batch(make_clip((3, 3), (5, 5)))
    for _ in range(2):  # a readout that starts at zero lets gradients through after a step
        optimizer.zero_grad()
        loss = sum(model.loss(*inputs).values())
        loss.backward()
        optimizer.step()
    assert torch.isfinite(loss)
    for parameter, value in model.semantics.named_parameters():
        if value.requires_grad:
            assert torch.isfinite(value.grad).all(), parameter


def test_more_queries_than_a_map_holds_are_tracked():
    model = tiny_tracker(VSE_MOT).eval()
    (inputs, sample), *_ = make_video(1, proposals=150)
    reported = model.predict(*batch((inputs, sample)))[0].pred_track_instances
    assert torch.isfinite(reported.bboxes).all()


def test_a_window_of_frames_gives_what_single_frames_give():
    """The image features of a window come from one batch."""
    model, video = tiny_tracker(VSE_MOT).eval(), make_video(3)
    together = model.predict(*batch(*video))
    together = [sample.pred_track_instances.clone() for sample in together]
    model.reset()
    for frame, expected in zip(video, together):
        found = model.predict(*batch(frame))[0].pred_track_instances
        assert found.instances_id.tolist() == expected.instances_id.tolist()
        torch.testing.assert_close(found.bboxes, expected.bboxes, atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize('name', FULL)
def test_a_full_size_config_has_what_its_name_says(name):
    config = Config.fromfile(str(FOLDER / name))
    semantics = config.model.semantics
    assert semantics.source.encoder.type == 'CLIPEncoder'
    assert (semantics.adapter is None) == ('no-adapter' in name)
    assert (semantics.fusion.type == 'VSFM') == ('no-vsfm' not in name)
    if '-10e_' in name:
        assert config.train_cfg.max_epochs == 10
        assert config.param_scheduler[0].milestones == [4, 8]
    if '-60e_' in name:
        assert config.train_cfg.max_epochs == 60


def test_the_published_layout_is_the_converters():
    models = FOLDER.parent / '_base_/models'
    recipe = Config.fromfile(str(FOLDER / PUBLISHED)).model
    converted = Config.fromfile(str(models / 'vse_mot_r50_published.py')).model
    assert recipe.semantics == converted.semantics


def test_a_command_line_turns_adapter_and_fusion_off():
    config = Config.fromfile(str(FOLDER / next(name for name in FULL if '-10e_' in name)))
    config.merge_from_dict(
        {'model.semantics.adapter': None, 'model.semantics.fusion.type': 'FixedFusion'}
    )
    assert config.model.semantics.adapter is None
    assert config.model.semantics.fusion == dict(type='FixedFusion')
