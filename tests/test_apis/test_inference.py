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

from bright_box_tracker import moving_boxes, true_boxes, write_config, write_frames
from tracking_samples import TINY, build_tracker
from vsd_mot.apis import init_tracker, track_video
from vsd_mot.engine.configs import find_config, frame_pipeline, read_config, shipped_configs
from vsd_mot.errors import CheckpointError, ConfigError, ProposalError, SourceError, TrackingError

PIPELINE = [
    dict(type='LoadFrame'),
    dict(type='LoadTrackAnnotations', with_instance_id=True),
    dict(type='ShortSideResize', scale=(128, 96)),
    dict(type='PackClipInputs'),
]


@pytest.fixture
def config(tmp_path):
    return write_config(tmp_path)


@pytest.fixture
def tracker(config):
    return init_tracker(config, device='cpu')


# Random weights know nobody: every query becomes a track and is reported.
ALL = dict(
    detection_queries__num_queries=3,
    lifecycle__birth_threshold=0.0,
    lifecycle__report_threshold=0.0,
    lifecycle__min_area=0.0,
    lifecycle__merge_iou=None,
)
LENGTH = 5


def motrv2_config():
    config = Config.fromfile(TINY)
    config.merge_from_dict({f'model.{key.replace("__", ".")}': ALL[key] for key in ALL})
    config.test_dataloader = dict(dataset=dict(pipeline=PIPELINE))
    return config


@pytest.fixture(scope='module')
def motrv2(tmp_path_factory):
    """A MOTRv2 with random weights that tracks, by its config and checkpoint."""
    folder = tmp_path_factory.mktemp('motrv2')
    motrv2_config().dump(folder / 'motrv2.py')
    torch.save({'state_dict': build_tracker(**ALL).state_dict()}, folder / 'motrv2.pth')
    return init_tracker(folder / 'motrv2.py', folder / 'motrv2.pth', device='cpu')


@pytest.fixture(scope='module')
def detections():
    """Boxes of the two rectangles in each frame, with scores."""
    return {
        index: (np.array(list(true_boxes(index).values()), np.float32), np.array([0.9, 0.8]))
        for index in range(LENGTH)
    }


def test_tracks_are_in_pixels_of_the_original(tracker):
    results = list(track_video(tracker, moving_boxes()))
    assert [result.index for result in results] == list(range(12))
    for index, result in enumerate(results):
        truth = true_boxes(index)
        assert result.ids.tolist() == list(truth)
        # The model sees the frame at half its size.
        assert np.abs(result.boxes - np.array(list(truth.values()))).max() <= 2
        assert result.scores == pytest.approx([0.9, 0.9])
        assert result.quality == pytest.approx(1 - result.semantic_weight)
        assert result.pred_track_instances.bboxes.device.type == 'cpu'
    assert tracker.classes == ('box',)


def test_folder_and_arrays_give_the_same(tracker, tmp_path):
    frames = moving_boxes()
    folder = write_frames(tmp_path / 'walk', frames)
    from_files = list(track_video(tracker, folder))
    from_memory = list(track_video(tracker, frames))
    for one, other in zip(from_files, from_memory, strict=True):
        assert np.array_equal(one.boxes, other.boxes)
        assert one.name == f'frame{one.index + 1}.png'


def test_unreadable_frames_keep_their_place_and_are_counted(tracker, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes())
    for number in (1, 6):
        (folder / f'frame{number}.png').write_bytes(b'broken')
    video = track_video(tracker, folder)
    results = list(video)
    assert [result.index for result in results if result.fault] == [0, 5]
    assert [len(result) for result in results] == [0, 2, 2, 2, 2, 0, 2, 2, 2, 2, 2, 2]
    assert len(video.faults) == 2
    assert 'frame6.png' in video.faults[1]
    assert results[6].ids.tolist() == [15, 25]
    # The model begins anew at frame 0 and sees no gaps.
    assert tracker.model.frame_ids == list(range(10))


def test_strict_stops_at_the_first_unreadable_frame(tracker, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes())
    (folder / 'frame6.png').write_bytes(b'broken')
    results = track_video(tracker, folder, strict=True)
    with pytest.raises(SourceError, match=r'frame6\.png'):
        list(results)


def test_no_readable_frame_is_an_error(tracker, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(2))
    for file in folder.iterdir():
        file.write_bytes(b'broken')
    with pytest.raises(SourceError, match=r'not one frame of walk could be read: .*frame1\.png'):
        list(track_video(tracker, folder))
    with pytest.raises(SourceError, match='not one frame'):
        list(track_video(tracker, iter([])))


def test_every_video_begins_anew_and_only_one_runs(tracker):
    frames = moving_boxes()
    first = track_video(tracker, frames)
    next(first)
    list(track_video(tracker, frames))
    assert tracker.model.frame_ids == [0, *range(12)]
    with pytest.raises(TrackingError, match='another video'):
        next(first)


def test_closing_early_ends_the_reader(tracker):
    results = track_video(tracker, moving_boxes() * 50)
    next(results)
    results.close()
    assert list(results) == []
    assert not results._reader._thread.is_alive()


def test_broken_weights_do_not_pass_as_boxes(tracker):
    tracker.model.bias.data.fill_(float('nan'))
    with pytest.raises(TrackingError, match=r'frame 1: the model returned boxes .* not finite'):
        list(track_video(tracker, moving_boxes()))


def test_window_changes_nothing(motrv2, detections):
    frames = moving_boxes(LENGTH)
    alone = list(track_video(motrv2, frames, window=1, proposals=detections))
    for window in (3, 100):
        together = list(track_video(motrv2, frames, window=window, proposals=detections))
        assert [result.index for result in together] == list(range(LENGTH))
        for one, other in zip(alone, together, strict=True):
            assert one.ids.tolist() == other.ids.tolist()
            np.testing.assert_allclose(one.boxes, other.boxes, atol=1e-2)
    assert len(alone[0]) == 5
    assert len(alone[-1]) > 5


def test_window_with_an_unreadable_frame(motrv2, detections, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(LENGTH))
    (folder / 'frame1.png').write_bytes(b'broken')
    results = list(track_video(motrv2, folder, window=4, proposals=detections))
    assert len(results[1]) == 5
    assert results[0].fault
    assert len(results[0]) == 0
    assert [result.index for result in results] == list(range(LENGTH))


def test_proposals_from_det_file_equal_those_given(motrv2, detections, tmp_path):
    lines = [
        f'{frame + 1},-1,{x1},{y1},{x2 - x1},{y2 - y1},{score}'
        for frame, (boxes, scores) in detections.items()
        for (x1, y1, x2, y2), score in zip(boxes, scores)
    ]
    (tmp_path / 'det.txt').write_text('\n'.join([*lines, '3,-1,0,0,9,9,0.01']))
    given = list(track_video(motrv2, moving_boxes(LENGTH), proposals=detections))
    read = list(track_video(motrv2, moving_boxes(LENGTH), proposals=tmp_path / 'det.txt'))
    for one, other in zip(given, read, strict=True):
        np.testing.assert_allclose(one.boxes, other.boxes, atol=1e-4)


def test_proposals_change_the_result_and_may_lack(motrv2, detections):
    none = list(track_video(motrv2, moving_boxes(LENGTH), proposals={}))
    some = list(track_video(motrv2, moving_boxes(LENGTH), proposals=detections))
    assert [r.boxes.tolist() for r in none] != [r.boxes.tolist() for r in some]


def test_detector_in_the_loop(motrv2, tmp_path):
    folder = tmp_path
    config = motrv2_config()
    yolox = 'configs/_base_/detectors/yolox_tiny_synthetic.py'
    detector = Config(dict(model=Config.fromfile(yolox).detector))
    detector.test_dataloader = dict(
        dataset=dict(pipeline=[dict(type='mmdet.Resize', scale=(64, 64), keep_ratio=True)])
    )
    torch.manual_seed(0)
    with pytest.warns(UserWarning, match='proposals are random'):
        random = init_tracker(config, device='cpu', detector=(detector, None)).model.detector
    weights = random.detector.state_dict()
    for key in weights:
        if 'multi_level_conv' in key:
            weights[key].zero_()  # a box of one size and one score at every place
    torch.save(weights, folder / 'yolox.pth')
    torch.save(motrv2.model.state_dict(), folder / 'motrv2.pth')
    tracker = init_tracker(
        config, folder / 'motrv2.pth', device='cpu', detector=(detector, folder / 'yolox.pth')
    )
    assert tracker.model.detector.input_scale == (64, 64)
    results = list(track_video(tracker, moving_boxes(2)))
    again = list(track_video(tracker, moving_boxes(2), window=1))
    assert [r.ids.tolist() for r in results] == [r.ids.tolist() for r in again]
    assert len(results[0]) > 3
    with pytest.raises(CheckpointError, match='does not fit'):
        init_tracker(config, folder / 'motrv2.pth', detector=(detector, folder / 'motrv2.pth'))


def test_no_proposals_and_no_detector(motrv2):
    with pytest.raises(ProposalError, match='has no detector: give proposals'):
        track_video(motrv2, moving_boxes())


def test_models_with_their_own_detector_refuse_proposals(tracker, detections):
    with pytest.raises(ProposalError, match='BrightBoxTracker makes its own detections'):
        track_video(tracker, moving_boxes(), proposals=detections)


def test_window_must_be_positive(tracker):
    with pytest.raises(ValueError, match='window is 0'):
        track_video(tracker, moving_boxes(), window=0)


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


def test_configs_and_their_mistakes(tmp_path, config):
    with pytest.raises(ConfigError, match='there is no config motrv2_nonsense'):
        find_config('motrv2_nonsense')
    (tmp_path / 'broken.py').write_text('model = dict(')
    with pytest.raises(ConfigError, match=r'broken\.py is not a valid config'):
        read_config(tmp_path / 'broken.py')
    (tmp_path / 'empty.py').write_text('a = 1')
    with pytest.raises(ConfigError, match='has no `model`'):
        read_config(tmp_path / 'empty.py')
    with pytest.raises(ConfigError, match=r'no test_dataloader\.dataset\.pipeline'):
        frame_pipeline(Config(dict(model=dict())))
    with pytest.raises(ConfigError, match=r'cannot be built.*NoSuchTracker'):
        init_tracker(config, device='cpu', cfg_options={'model.type': 'NoSuchTracker'})
    detector = 'yolox_nano_coco-person'
    with pytest.raises(ConfigError, match='YOLOX is not a multi-object tracker; a detector'):
        init_tracker(detector, device='cpu')
    with pytest.raises(ConfigError, match="the device 'cuda:99' cannot be used"):
        init_tracker(config, device='cuda:99')


def test_shipped_configs_are_found_by_name():
    shipped = shipped_configs()
    for name, path in shipped.items():
        assert find_config(name) == path
        assert find_config(f'{name}.py') == path
    assert not any('_base_' in name for name in shipped)


def test_pipeline_of_wrapped_datasets():
    inner = dict(pipeline=PIPELINE)
    for dataset in (inner, dict(dataset=inner), dict(datasets=[inner, inner])):
        steps = frame_pipeline(Config(dict(test_dataloader=dict(dataset=dataset))))
        assert [step['type'] for step in steps] == ['ShortSideResize', 'PackClipInputs']


def test_tracking_needs_no_teacher(tmp_path):
    """VSD-MOT by the name of its config, with a checkpoint of a training and with a bare one."""
    name = 'vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic'
    init_default_scope('mmtrack')
    weights = MODELS.build(read_config(name).model).state_dict()
    bare = {key: value for key, value in weights.items() if '.distillation.' not in key}
    assert len(bare) < len(weights)
    options = {f'model.{key.replace("__", ".")}': value for key, value in ALL.items()}
    del options['model.detection_queries.num_queries']
    found = []
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
        found.append(next(track_video(tracker, moving_boxes(1), proposals={})))
    first, second, third = found
    assert len(first) == 10
    assert np.array_equal(first.boxes, second.boxes)
    assert np.array_equal(first.boxes, third.boxes)
    assert set(first.semantics) == {'quality', 'clarity', 'noise', 'contrast', 'semantic_weight'}
    assert all(0 <= value <= 1 for value in first.semantics.values())
    assert tracker.classes[0] == 'pedestrian'
