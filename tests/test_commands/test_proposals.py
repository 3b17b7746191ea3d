"""The command that makes proposals."""

import importlib
import json
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from detection_samples import PIPELINE, write_frames_to_detect
from forked_commands import run_on_two
from random_detector import detector_config, random_detector
from vsd_mot.datasets.proposals import ProposalStore


@pytest.fixture(scope='module')
def model():
    return random_detector((64, 64))


@pytest.fixture
def frames(tmp_path):
    """Root and keys of seven frames."""
    return tmp_path / 'set', write_frames_to_detect(tmp_path / 'set')


ROOT = Path(__file__).parents[2]


@pytest.fixture
def detector_files(model, tmp_path):
    """A config file and its checkpoint."""
    config = tmp_path / 'tiny.py'
    content = dict(model=detector_config(), test_dataloader=dict(dataset=dict(pipeline=PIPELINE)))
    Config(content).dump(config)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'tiny.pth')
    return str(config), str(tmp_path / 'tiny.pth')


def call(command, *args):
    """Run a command in this process; its exit code."""
    return importlib.import_module(f'vsd_mot.commands.{command}').main([*map(str, args)])


def test_two_processes_share_the_frames(detector_files, frames, tmp_path):
    root, keys = frames
    ann_file = tmp_path / 'train.json'
    annotations = dict(
        images=[dict(id=i, file_name=key, height=64, width=64) for i, key in enumerate(keys)],
        annotations=[dict(id=0, image_id=0, category_id=1, bbox=[0, 0, 20, 20])],
        categories=[dict(id=1, name='pedestrian')],
    )
    ann_file.write_text(json.dumps(annotations))
    out = tmp_path / 'p.proposals'
    statuses, printed = run_on_two(
        [
            *('proposals', *detector_files, '--data-root', root, '--ann-file', ann_file),
            *('--out', out, '--device', 'cpu', '--workers', '0', '--launcher', 'pytorch'),
        ],
        tmp_path,
    )
    assert statuses == [0, 0], printed
    assert '7 frames' in printed
    store = ProposalStore(out)
    assert list(store) == keys
    assert store.meta['detector'] == 'tiny'

    tool, json_file = 'proposal_recall', tmp_path / 'r.json'
    assert call(tool, out, ann_file, '--json', json_file) == 0
    assert [row['objects'] for row in json.loads(json_file.read_text())] == [1, 1]


def test_command_line_reports_a_broken_frame(detector_files, frames, tmp_path, capsys):
    root, keys = frames
    (root / keys[0]).write_bytes(b'')
    code = call(
        'proposals',
        *detector_files,
        *('--data-root', root, '--out', tmp_path / 'p', '--device', 'cpu', '--workers', 0),
    )
    assert code == 1
    errors = capsys.readouterr().err
    assert keys[0] in errors
    assert '1 frames cannot be read' in errors


def test_a_changed_config_is_not_taken_for_the_same_detector(
    detector_files, frames, tmp_path, capsys
):
    root, _ = frames
    call_again = (
        'proposals',
        *detector_files,
        *('--data-root', root, '--out', tmp_path / 'p', '--device', 'cpu', '--workers', 0),
    )
    assert call(*call_again) == call(*call_again) == 0
    capsys.readouterr()
    assert call(*call_again, '--cfg-options', 'model.test_cfg.score_thr=0.0001') == 1
    assert 'holds proposals made otherwise' in capsys.readouterr().err
    cfg = Config.fromfile(detector_files[0])
    cfg.test_dataloader.dataset.pipeline[1].scale = (32, 32)
    cfg.dump(detector_files[0])
    assert call(*call_again) == 1
    assert 'holds proposals made otherwise' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(config='nowhere.py'), 'there is no config nowhere.py'),
        (dict(checkpoint='nowhere.pth'), 'there is no checkpoint nowhere.pth'),
        (dict(checkpoint='text.pth'), 'text.pth: is no checkpoint'),
        (dict(checkpoint='other.pth'), 'other.pth does not fit the model of this config'),
        (dict(ann_file='nowhere.json'), 'there is no annotation file nowhere.json, nor set'),
        (dict(ann_file='text.pth'), 'text.pth is not JSON'),
        (dict(out='text.pth'), 'text.pth is not a proposal file'),
        (dict(data_root='nowhere'), 'there are no frames below nowhere'),
    ],
)
def test_mistakes_are_one_line(
    detector_files, frames, tmp_path, monkeypatch, capsys, changes, message
):
    monkeypatch.chdir(tmp_path)
    Path('text.pth').write_text('no checkpoint')
    torch.save(dict(state_dict=dict(weight=torch.zeros(1))), 'other.pth')
    config, checkpoint = detector_files
    options = dict(config=config, checkpoint=checkpoint, data_root='set', out='p') | changes
    code = call(
        'proposals',
        *(options.pop('config'), options.pop('checkpoint'), '--device', 'cpu', '--workers', 0),
        *(part for key, value in options.items() for part in (f'--{key.replace("_", "-")}', value)),
    )
    assert code == 1
    assert f'make_proposals: {message}' in capsys.readouterr().err
