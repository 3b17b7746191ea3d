"""The robustness benchmark, with a tracker that is not ours."""

import json

import cv2
import numpy as np
import pytest
from matplotlib.image import imread
from mmengine.config import Config

from bright_box_tracker import HEIGHT, WIDTH, moving_boxes, true_boxes
from vsd_mot.commands.robustness import main
from vsd_mot.evaluation.robustness import (
    RobustnessResults,
    cell_names,
    corrupted_config,
    stored_detections,
)
from vsd_mot.evaluation.robustness.figure import draw

FRAMES = 6
CONFIG = """
default_scope = 'mmtrack'
custom_imports = dict(imports=['vsd_mot', 'bright_box_tracker'])
model = dict(type='BrightBoxTracker', data_preprocessor=dict(type='TrackDataPreprocessor'))
test_dataloader = dict(
    batch_size=1,
    num_workers=0,
    persistent_workers=False,
    drop_last=False,
    sampler=dict(type='VideoSampler'),
    dataset=dict(
        type='MOTChallengeDataset',
        data_root={root!r},
        ann_file='val.json',
        data_prefix=dict(img_path=''),
        metainfo=dict(CLASSES=('pedestrian', )),
        ref_img_sampler=None,
        load_as_video=True,
        test_mode=True,
        pipeline=[
            dict(type='LoadImageFromFile'),
            dict(type='LoadTrackAnnotations', with_instance_id=True),
            dict(type='mmdet.Resize', scale=(64, 64), keep_ratio=True),
            dict(type='PackTrackInputs', pack_single_img=True),
        ]))
test_cfg = dict(type='TestLoop')
test_evaluator = dict(type='MOTChallengeMetrics', metric=['HOTA', 'CLEAR', 'Identity'])
"""


@pytest.fixture
def config(tmp_path):
    """Two videos of two moving boxes, and the config of a tracker that finds them."""
    root = tmp_path / 'set'
    content = dict(videos=[], images=[], annotations=[], categories=[dict(id=1, name='pedestrian')])
    for video in (1, 2):
        folder = root / f'V{video}' / 'img1'
        folder.mkdir(parents=True)
        content['videos'].append(dict(id=video, name=f'V{video}'))
        for number, image in enumerate(moving_boxes(FRAMES)):
            name = f'V{video}/img1/{number + 1:06d}.png'
            assert cv2.imwrite(str(root / name), image)
            image_id = len(content['images']) + 1
            content['images'].append(
                dict(
                    id=image_id,
                    video_id=video,
                    file_name=name,
                    frame_id=number,
                    height=HEIGHT,
                    width=WIDTH,
                )
            )
            for identity, (x1, y1, x2, y2) in true_boxes(number).items():
                content['annotations'].append(
                    dict(
                        id=len(content['annotations']) + 1,
                        image_id=image_id,
                        video_id=video,
                        category_id=1,
                        instance_id=identity,
                        mot_conf=1.0,
                        visibility=1.0,
                        bbox=[x1, y1, x2 - x1, y2 - y1],
                        area=(x2 - x1) * (y2 - y1),
                        iscrowd=False,
                        mot_instance_id=identity,
                    )
                )
    (root / 'val.json').write_text(json.dumps(content))
    path = tmp_path / 'bright.py'
    path.write_text(CONFIG.format(root=str(root)))
    return path


def run(config, *args):
    return main([str(config), 'none', *map(str, args)])


def test_a_foreign_tracker_is_measured_and_resumed(config, tmp_path, capsys):
    folder = tmp_path / 'out'
    args = ['--work-dir', folder, '--corruptions', 'low_light', 'frozen_frames']
    assert run(config, *args, '--severities', 5, '--names', 'boxes') == 0
    printed = capsys.readouterr().out
    assert '| HOTA | clean | corrupted | relative | low_light | frozen_frames |' in printed
    results = json.loads((folder / 'results.json').read_text())['models']['boxes']
    cells = results['cells']
    assert set(cells) == {'clean', 'low_light/5', 'frozen_frames/5'}
    assert cells['clean']['HOTA'] > 0.8
    assert cells['clean']['IDF1'] > 0.95
    assert cells['low_light/5']['HOTA'] < 0.1  # too dark for its threshold
    assert cells['frozen_frames/5']['HOTA'] < cells['clean']['HOTA']
    lines = (folder / 'cells.csv').read_text().splitlines()
    assert lines[0] == 'model,corruption,severity,HOTA,DetA,AssA,IDF1,MOTA'
    assert lines[1].startswith('boxes,clean,0,')
    assert (folder / 'robustness_HOTA.pdf').read_bytes().startswith(b'%PDF')
    assert imread(folder / 'robustness_HOTA.png').shape[1] == 1440

    # Cells that are there are kept, new ones are added.
    results['cells']['clean']['HOTA'] = 0.123
    (folder / 'results.json').write_text(json.dumps(dict(models=dict(boxes=results))))
    assert run(config, *args, '--severities', 1, 5, '--names', 'boxes') == 0
    cells = json.loads((folder / 'results.json').read_text())['models']['boxes']['cells']
    assert cells['clean']['HOTA'] == 0.123
    assert len(cells) == 5

    # Another model of the same name is refused.
    config.write_text(config.read_text().replace('(64, 64)', '(96, 96)'))
    capsys.readouterr()
    assert run(config, *args, '--names', 'boxes') == 1
    assert "results of another 'boxes'" in capsys.readouterr().err


def test_stored_proposals_are_refused(config, tmp_path, capsys):
    text = config.read_text().replace(
        "ann_file='val.json',", "ann_file='val.json', proposal_file='val.proposals',"
    )
    config.write_text(text.replace('MOTChallengeDataset', 'MOTClipDataset'))
    assert run(config, '--work-dir', tmp_path / 'out') == 1
    error = capsys.readouterr().err
    assert "test_dataloader.dataset.proposal_file = 'val.proposals'" in error
    assert '--allow-stored-proposals' in error
    loaded = Config.fromfile(config)
    assert len(stored_detections(loaded)) == 1
    loaded.test_dataloader.dataset.proposal_file = None
    assert stored_detections(loaded) == []
    loaded.test_dataloader.dataset.pipeline.insert(1, dict(type='LoadDetections'))
    assert 'LoadDetections' in stored_detections(loaded)[0]


def test_only_the_test_pipeline_is_changed(config):
    loaded = Config.fromfile(config)
    changed = corrupted_config(loaded, 'rain/3', seed=2, cache_dir='cache')
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


def test_wrong_arguments_are_explained(config, tmp_path, capsys):
    for args, message in (
        (['--corruptions', 'snow'], "no corruption 'snow'"),
        (['--severities', '7'], 'severity must be'),
    ):
        assert run(config, '--work-dir', tmp_path / 'out', *args) == 1
        assert message in capsys.readouterr().err
    assert main([str(config), 'missing.pth', '--work-dir', str(tmp_path / 'out')]) == 1
    assert 'no checkpoint missing.pth' in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(config)])
    assert 'come in pairs' in capsys.readouterr().err
    with pytest.raises(ValueError, match='no curve can be drawn'):
        draw(RobustnessResults(tmp_path / 'none.json'))


def made_up_results(path):
    results = RobustnessResults(path)
    for index, name in enumerate(('A', 'B')):
        results.add_model(name, config='a.py', checkpoint=None, digest='x')
        for cell in cell_names(['jpeg', 'fog'], [1, 2]):
            severity = int(cell.split('/')[1]) if '/' in cell else 0
            value = 0.8 - 0.1 * index - 0.2 * severity
            results.put(name, cell, dict(HOTA=value, DetA=value, AssA=value, IDF1=value))
    return results


def test_sums_and_table(tmp_path):
    results = made_up_results(tmp_path / 'results.json')
    assert results.corruption_mean('A', 'jpeg', 'HOTA') == pytest.approx(0.5)
    assert results.mean('A', 'HOTA') == pytest.approx(0.5)
    assert results.relative('A', 'HOTA') == pytest.approx(0.625)
    assert results.relative('B', 'HOTA') == pytest.approx(0.4 / 0.7)
    assert '| A | 80.0 | 50.0 | 62.5 | 50.0 | 50.0 |' in results.table()
    assert np.isnan(results.score('A', 'jpeg/1', 'MOTA'))
    assert 'A,jpeg,1,60.0,60.0,60.0,60.0,-' in results.csv()
    again = RobustnessResults(tmp_path / 'results.json')
    assert again.table() == results.table()


def test_picture_has_a_panel_for_each_corruption_and_their_mean(tmp_path):
    figure = draw(made_up_results(tmp_path / 'results.json'))
    panels = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in panels] == ['JPEG', 'Fog', 'Mean of all']
    for axes in panels:
        assert len(axes.lines) == 2
        np.testing.assert_allclose(axes.lines[0].get_ydata(), [80, 60, 40])
        np.testing.assert_allclose(axes.lines[1].get_ydata(), [70, 50, 30])
