"""Cells of the robustness benchmark change the test pipeline alone."""

import pytest
from mmengine.config import Config

from bright_box_set import write_tested_config
from vsd_mot.evaluation.robustness import cell_names, corrupted_config


@pytest.fixture
def config(tmp_path):
    return write_tested_config(tmp_path)


def test_only_the_test_pipeline_is_changed(config):
    loaded = Config.fromfile(config)
    changed = corrupted_config(loaded, 'rain/3/2', cache_dir='cache')
    pipeline = changed.test_dataloader.dataset.pipeline
    assert pipeline[0].type == 'LoadImageFromFile'
    assert pipeline[1] == dict(
        type='CorruptFrame', corruption='rain', severity=3, seed=2, cache_dir='cache'
    )
    assert pipeline[2:] == loaded.test_dataloader.dataset.pipeline[1:]
    del changed.test_dataloader.dataset.pipeline[1]
    assert changed.to_dict() == loaded.to_dict()
    assert corrupted_config(loaded, 'clean').to_dict() == loaded.to_dict()


def test_nested_pipelines_and_wrapped_sets(config):
    loaded = Config.fromfile(config)
    dataset = loaded.test_dataloader.dataset
    dataset.pipeline = [
        dict(type='ClipBroadcaster', transforms=[dict(type='mmcv.LoadImageFromFile')])
    ]
    loaded.test_dataloader.dataset = dict(type='ConcatDataset', datasets=[dataset, dataset])
    changed = corrupted_config(loaded, 'jpeg/1')
    for item in changed.test_dataloader.dataset.datasets:
        assert item['pipeline'][0]['transforms'][1]['type'] == 'CorruptFrame'
    loaded.test_dataloader.dataset.datasets[0]['pipeline'] = [dict(type='PackTrackInputs')]
    with pytest.raises(ValueError, match='no LoadFrame'):
        corrupted_config(loaded, 'jpeg/1')


def test_cells_of_several_seeds():
    assert cell_names(['fog'], [3], [0, 7]) == ['clean', 'fog/3', 'fog/3/7']
    with pytest.raises(ValueError, match='no corruption'):
        cell_names(['fogg'], [3])


def test_frames_are_lost_by_the_data_set(config):
    loaded = Config.fromfile(config)
    with pytest.raises(ValueError, match=r'outage loses frames, which .* cannot'):
        corrupted_config(loaded, 'outage/2')
    loaded.test_dataloader.dataset.type = 'MOTClipDataset'
    changed = corrupted_config(loaded, 'cctv-6fps/2/5').test_dataloader.dataset
    assert changed.arrival == dict(name='cctv-6fps', severity=2, seed=5, cache_dir=None)
    assert 'arrival' not in corrupted_config(loaded, 'night-ir/2').test_dataloader.dataset
