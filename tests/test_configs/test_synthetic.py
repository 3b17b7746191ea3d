"""The base data set configs build and load, each on a small set in the layout it expects."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from mmengine import Config
from mmengine.registry import DATASETS, DefaultScope
from mmtrack.datasets import VideoSampler

CONFIGS = Path(__file__).parents[2] / 'configs' / '_base_' / 'datasets'


@pytest.fixture(scope='module')
def every_layout(synthetic_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One root under which every data set's files are found, all the small synthetic set's."""
    root = tmp_path_factory.mktemp('layouts')
    for folder in ('train', 'val'):
        os.symlink(synthetic_set / folder, root / folder)
    for kind, suffix in (('annotations', 'json'), ('proposals', 'proposals')):
        (root / kind).mkdir()
        for split in ('train', 'val'):
            source = synthetic_set / kind / f'{split}.{suffix}'
            os.symlink(source, root / kind / f'{split}.{suffix}')
            os.symlink(source, root / kind / f'crowdhuman_{split}.{suffix}')
    (root / 'MOT').mkdir()
    for kind in ('annotations', 'proposals'):
        os.symlink(root / kind, root / 'MOT' / kind)
    return root


@pytest.mark.parametrize(
    ('name', 'samples', 'clip_length'),
    [
        ('synthetic', 20, 5),
        ('mot_challenge', 20, 5),
        ('dancetrack', 60, 5),
        ('lqdancetrack_dancetrack', 80, 5),
        ('mot17_mot20', 40, 5),
        ('lqmot_mot17_mot20', 60, 5),
    ],
)
def test_base_config_loads(name, samples, clip_length, every_layout, with_data_root):
    config = with_data_root(Config.fromfile(CONFIGS / f'{name}.py'), every_layout)
    with DefaultScope.overwrite_default_scope('mmtrack'):
        train = DATASETS.build(config.train_dataloader.dataset)
        val = DATASETS.build(config.val_dataloader.dataset)
    assert len(train) == samples
    clip = train[samples - 1]
    assert clip['inputs']['img'].shape[0] == clip_length
    sample = clip['data_samples']
    assert len(sample.gt_instances.bboxes) > 0
    assert len(sample.proposals.bboxes) > 0
    assert set(sample.gt_instances.labels.tolist()) == {0}

    assert len(val) == 20
    assert len(VideoSampler(val)) == 20
    frame = val[0]['data_samples']
    assert len(frame.proposals.bboxes) > 0
    # The evaluation gets distractors too, training does not.
    assert len(val.cat_ids) == 13
    source = train
    while hasattr(source, 'datasets'):
        source = source.datasets[0]
    assert source.cat_ids == [1]
    assert config.test_dataloader == config.val_dataloader
    assert config.val_evaluator.metric == ['HOTA', 'CLEAR', 'Identity']


def test_low_quality_data_is_two_thirds(every_layout, with_data_root):
    file = CONFIGS / 'lqdancetrack_dancetrack.py'
    config = with_data_root(Config.fromfile(file), every_layout)
    with DefaultScope.overwrite_default_scope('mmtrack'):
        mixed = DATASETS.build(config.train_dataloader.dataset.datasets[0])
    sources = [mixed.source_of(k) for k in range(len(mixed))]
    assert sources.count(0) == 27
    assert sources.count(1) == 13
