"""Building a tracker from configs and checkpoints, right and wrong ones."""

import os
import pickle
import warnings

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.logging import HistoryBuffer
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS

from api_samples import REPORT_ALL
from bright_box_tracker import moving_boxes, write_config
from vsd_mot.apis import init_tracker, track_video
from vsd_mot.engine.configs import read_config
from vsd_mot.errors import CheckpointError, ConfigError
from vsd_mot.video.sources import Frame


@pytest.fixture
def config(tmp_path):
    return write_config(tmp_path)


@pytest.fixture
def tracker(config):
    return init_tracker(config, device='cpu')


def test_tracker_of_the_host():
    """ByteTrack with an untrained detector: any model of MMTracking runs, with its own pipeline."""
    config = Config(
        dict(
            default_scope='mmtrack',
            model=dict(
                type='ByteTrack',
                data_preprocessor=dict(type='TrackDataPreprocessor', pad_size_divisor=32),
                detector=dict(
                    _scope_='mmdet',
                    type='YOLOX',
                    backbone=dict(type='CSPDarknet', deepen_factor=0.33, widen_factor=0.125),
                    neck=dict(
                        type='YOLOXPAFPN',
                        in_channels=[32, 64, 128],
                        out_channels=32,
                        num_csp_blocks=1,
                    ),
                    bbox_head=dict(
                        type='YOLOXHead', num_classes=1, in_channels=32, feat_channels=32
                    ),
                    test_cfg=dict(score_thr=0.0, nms=dict(type='nms', iou_threshold=0.1)),
                ),
                motion=dict(type='KalmanFilter'),
                tracker=dict(
                    type='ByteTracker',
                    obj_score_thrs=dict(high=0.0, low=0.0),
                    init_track_thr=0.0,
                ),
            ),
            test_dataloader=dict(
                dataset=dict(
                    pipeline=[
                        dict(type='LoadImageFromFile'),
                        dict(type='mmdet.Resize', scale=(64, 64), keep_ratio=True),
                        dict(type='PackTrackInputs', pack_single_img=True),
                    ]
                )
            ),
        )
    )
    tracker = init_tracker(config, device='cpu', cfg_options={'model.tracker.num_tentatives': 1})
    assert tracker.model.tracker.num_tentatives == 1
    results = list(track_video(tracker, moving_boxes(4), window=4))
    assert len(results) == 4
    assert sum(map(len, results)) > 0
    assert results[0].quality is None
    assert config.model.tracker.get('num_tentatives') is None


def checkpoint_of(tracker, path, **changes):
    weights = {**tracker.model.state_dict(), **changes}
    torch.save({'state_dict': {k: v for k, v in weights.items() if v is not None}}, path)
    return path


def test_checkpoint_of_a_training_is_loaded(config, tracker, tmp_path):
    tracker.model.bias.data.fill_(3.0)
    path = tmp_path / 'epoch_1.pth'
    history = HistoryBuffer([1.0, 0.5], [1, 1])
    torch.save(
        {
            'state_dict': {f'module.{k}': v for k, v in tracker.model.state_dict().items()},
            'message_hub': {'log_scalars': {'loss': history}},
            'meta': {'dataset_meta': {'CLASSES': ('walker',)}, 'epoch': np.float64(1)},
        },
        path,
    )
    loaded = init_tracker(config, path, device='cpu')
    assert loaded.model.bias.item() == 3.0
    assert loaded.classes == ('walker',)
    assert not loaded.model.training


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'bias': None}, r'1 keys missing in the checkpoint: bias'),
        ({'extra': torch.ones(2)}, r'1 keys in the checkpoint, but not in the model: extra'),
        ({'bias': torch.ones(3)}, r'1 keys of another shape: bias: \(3,\), \(1,\)'),
    ],
)
def test_checkpoint_that_does_not_fit(config, tracker, tmp_path, changes, message):
    changes = {'other': torch.ones(1), **changes} if changes == {'bias': None} else changes
    path = checkpoint_of(tracker, tmp_path / 'a.pth', **changes)
    with pytest.raises(CheckpointError, match=message):
        init_tracker(config, path, device='cpu')


class Trap:
    """What a malicious checkpoint would hold."""

    def __reduce__(self):
        return os.mkdir, ('sprung',)


def test_checkpoint_is_never_executed(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({'state_dict': {'bias': torch.ones(1)}, 'meta': Trap()}, tmp_path / 'trap.pth')
    (tmp_path / 'trap.pkl').write_bytes(pickle.dumps({'state_dict': Trap()}))
    for name in ('trap.pth', 'trap.pkl'):
        with pytest.raises(CheckpointError, match='was not loaded'):
            init_tracker(config, tmp_path / name, device='cpu')
    assert not (tmp_path / 'sprung').exists()


def test_checkpoints_that_are_none(config, tmp_path):
    with pytest.raises(CheckpointError, match='does not exist'):
        init_tracker(config, tmp_path / 'nowhere.pth', device='cpu')
    torch.save([1, 2], tmp_path / 'list.pth')
    with pytest.raises(CheckpointError, match='holds a list'):
        init_tracker(config, tmp_path / 'list.pth', device='cpu')
    torch.save({'meta': {'a': 1}}, tmp_path / 'meta.pth')
    with pytest.raises(CheckpointError, match='holds no state dict'):
        init_tracker(config, tmp_path / 'meta.pth', device='cpu')
    content = (tmp_path / 'list.pth').read_bytes()
    (tmp_path / 'cut.pth').write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointError, match=r'cut\.pth'):
        init_tracker(config, tmp_path / 'cut.pth', device='cpu')


def test_random_weights_are_named(config, tmp_path):
    with pytest.warns(
        UserWarning, match='the config names none for bias: these weights are random'
    ):
        tracker = init_tracker(config, device='cpu')
    path = checkpoint_of(tracker, tmp_path / 'a.pth')
    named = {'model.init_cfg': dict(type='Pretrained', checkpoint=str(path))}
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        init_tracker(config, device='cpu', cfg_options=named)
    # The tiny MOTRv2 names weights of its backbone and half its neck, of no more.
    name = 'motrv2_tiny_2xb1-5e_synthetic_test-synthetic'
    with pytest.warns(UserWarning, match='none for neck, encoder, detection_queries, dec'):
        init_tracker(name, device='cpu')


def test_weights_named_by_the_config_that_are_not_there(config):
    named = {'model.init_cfg': dict(type='Pretrained', checkpoint='nowhere.pth')}
    with pytest.raises(CheckpointError, match=r'no checkpoint was given.*nowhere\.pth'):
        init_tracker(config, device='cpu', cfg_options=named)


def test_tracking_needs_no_teacher(tmp_path):
    """VSD-MOT by the name of its config, with a checkpoint of a training and with a bare one."""
    name = 'vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic'
    init_default_scope('mmtrack')
    weights = MODELS.build(read_config(name).model).state_dict()
    bare = {key: value for key, value in weights.items() if '.distillation.' not in key}
    assert len(bare) < len(weights)
    options = {f'model.{key.replace("__", ".")}': value for key, value in REPORT_ALL.items()}
    del options['model.detection_queries.num_queries']
    results = []
    # A config without distillation takes the checkpoint of a training with it as well.
    for state_dict, other in (
        (weights, {}),
        (bare, {}),
        (weights, {'model.semantics.distillation': None}),
    ):
        torch.save(state_dict, tmp_path / 'vsd.pth')
        changes = {**options, **other}
        tracker = init_tracker(name, tmp_path / 'vsd.pth', device='cpu', cfg_options=changes)
        assert tracker.model.semantics.distillation is None
        results.append(next(track_video(tracker, moving_boxes(1), proposals={})))
    first, second, third = results
    assert len(first) == 10
    assert np.array_equal(first.boxes, second.boxes)
    assert np.array_equal(first.boxes, third.boxes)
    assert set(first.semantics) == {'quality', 'clarity', 'noise', 'contrast', 'semantic_weight'}
    assert all(0 <= value <= 1 for value in first.semantics.values())
    assert tracker.classes[0] == 'pedestrian'


def test_what_is_no_tracker_or_no_device(config):
    with pytest.raises(ConfigError, match=r'cannot be built.*NoSuchTracker'):
        init_tracker(config, device='cpu', cfg_options={'model.type': 'NoSuchTracker'})
    detector = 'yolox_nano_coco-person'
    with pytest.raises(ConfigError, match='YOLOX is not a multi-object tracker; a detector'):
        init_tracker(detector, device='cpu')
    with pytest.raises(ConfigError, match="the device 'cuda:99' cannot be used"):
        init_tracker(config, device='cuda:99')


def test_preparing_a_frame_counts_nothing(tracker):
    frame = Frame(index=0, image=moving_boxes(1)[0])
    for _ in range(3):
        tracker.prepare(frame)
    tracker.reset()
    tracker.track([frame])
    tracker.prepare(frame)
    tracker.track([frame])
    assert tracker.model.frame_ids == [0, 1]
    with pytest.raises(ValueError, match='frame 3 has no picture'):
        tracker.prepare(Frame(index=2, image=None))
