"""The robustness benchmark, with a tracker that is not ours."""

import json

import pytest
from matplotlib.image import imread
from mmengine.config import Config

from bright_box_set import write_tested_config
from vsd_mot.commands.robustness import main
from vsd_mot.evaluation.robustness import (
    RobustnessResults,
    stored_detections,
)
from vsd_mot.evaluation.robustness.figure import draw


@pytest.fixture
def config(tmp_path):
    return write_tested_config(tmp_path)


def run(config, *args):
    return main([str(config), 'none', *map(str, args)])


def test_a_foreign_tracker_is_measured_and_resumed(config, tmp_path, capsys):
    folder = tmp_path / 'out'
    args = ['--work-dir', folder, '--corruptions', 'low_light', 'frozen_frames']
    assert run(config, *args, '--severities', 5, '--names', 'boxes') == 0
    printed = capsys.readouterr().out
    assert '| HOTA | clean | corrupted | relative | Low light | Frozen frames |' in printed
    results = json.loads((folder / 'results.json').read_text())['models']['boxes']
    cells = results['cells']
    assert set(cells) == {'clean', 'low_light/5', 'frozen_frames/5'}
    assert cells['clean']['HOTA'] > 0.8
    assert cells['clean']['IDF1'] > 0.95
    assert cells['low_light/5']['HOTA'] < 0.1  # too dark for its threshold
    assert cells['frozen_frames/5']['HOTA'] < cells['clean']['HOTA']
    lines = (folder / 'cells.csv').read_text().splitlines()
    assert lines[0] == 'model,corruption,severity,seed,HOTA,DetA,AssA,IDF1,MOTA'
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


def test_wrong_arguments_are_explained(config, tmp_path, capsys):
    assert run(config, '--work-dir', tmp_path / 'out', '--corruptions', 'sleet') == 1
    assert "no corruption 'sleet'" in capsys.readouterr().err
    assert main([str(config), 'missing.pth', '--work-dir', str(tmp_path / 'out')]) == 1
    assert 'no checkpoint missing.pth' in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(config)])
    assert 'come in pairs' in capsys.readouterr().err
    with pytest.raises(ValueError, match='no curve can be drawn'):
        draw(RobustnessResults(tmp_path / 'none.json'))
