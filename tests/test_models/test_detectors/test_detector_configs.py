"""Configs of the detectors that make proposals."""

from pathlib import Path

import mmdet
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmtrack.registry import MODELS

from vsd_mot.datasets.proposals import detector_pipeline

CONFIGS = Path(__file__).parents[3] / 'configs/detector'


@pytest.mark.parametrize('path', sorted(CONFIGS.glob('*.py')), ids=lambda path: path.stem)
def test_detector_config_builds(path):
    config = Config.fromfile(path)
    with DefaultScope.overwrite_default_scope('mmdet'), torch.device('meta'):
        model = MODELS.build(config.model)
    # Published: 99.1 M for YOLOX-x and 0.91 M for YOLOX-nano with 80 classes.
    millions = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    expected = dict(x=98.99, s=8.97, nano=0.90, tiny=1.26)[path.stem.split('_')[1]]
    assert millions == pytest.approx(expected, abs=0.006)
    assert detector_pipeline(config)[-1]['type'] == 'PackDetInputs'


def test_published_weights_fit_the_coco_detector():
    """All keys and shapes are those of MMDetection's own config, whose weights are published."""
    host = Config.fromfile(
        Path(mmdet.__file__).parent / '.mim/configs/yolox/yolox_s_8xb8-300e_coco.py'
    )
    ours = Config.fromfile(CONFIGS / 'yolox_s_coco.py')
    shapes = []
    for config in (host, ours):
        with DefaultScope.overwrite_default_scope('mmdet'), torch.device('meta'):
            model = MODELS.build(config.model)
        shapes.append({key: value.shape for key, value in model.state_dict().items()})
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ('name', 'epochs', 'sources'),
    [
        (
            'yolox_x_8xb4-20e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval',
            20,
            ['LQDanceTrack', 'DanceTrack', 'crowdhuman', 'crowdhuman'],
        ),
        (
            'yolox_x_8xb4-50e_lqmot-mot-crowdhuman_test-lqmotval',
            50,
            ['LQMOT', 'data', 'crowdhuman'],
        ),
    ],
)
def test_full_size_schedule_is_the_papers(name, epochs, sources):
    config = Config.fromfile(CONFIGS / f'{name}.py')
    assert config.train_cfg.max_epochs == epochs
    assert config.param_scheduler[-1].end == epochs
    datasets = config.train_dataloader.dataset.dataset.datasets
    assert [Path(dataset.data_root).name for dataset in datasets] == sources
    switch = next(hook for hook in config.custom_hooks if 'YOLOXModeSwitch' in hook.type)
    assert config.param_scheduler[-1].begin == epochs - switch.num_last_epochs
