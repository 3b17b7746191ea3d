"""The proposal tools from the command line."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config

from random_detector import detector_config, random_detector
from vsd_mot.commands import proposals as command
from vsd_mot.datasets.proposals import ProposalStore, make_proposals, write_proposals

ROOT = Path(__file__).parents[2]
PIPELINE = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', scale=(64, 64), keep_ratio=True),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]
META = dict(detector='tiny', score_thr=0.05)


@pytest.fixture(scope='module')
def model():
    return random_detector((64, 64))


@pytest.fixture
def frames(tmp_path):
    """Root and keys of seven frames."""
    root = tmp_path / 'set'
    keys = [f'train/A/img1/{number:06d}.jpg' for number in range(1, 8)]
    (root / 'train/A/img1').mkdir(parents=True)
    for number, key in enumerate(keys):
        noise = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        cv2.imwrite(str(root / key), cv2.resize(noise, (64, 64)))
    return root, keys


def make(model, frames, out, **kwargs):
    root, keys = frames
    options = dict(batch_size=2, workers=0, part_size=3, meta=META)
    return make_proposals(model, PIPELINE, root, keys, out, **{**options, **kwargs})


def test_all_frames_in_order(model, frames, tmp_path):
    report = make(model, frames, tmp_path / 'p')
    store = ProposalStore(tmp_path / 'p')
    assert list(store) == frames[1]
    assert (report.frames, report.made, report.broken) == (7, 7, {})
    assert report.proposals == store.num_proposals > 0
    assert store.meta == META
    assert store.image_size(frames[1][0]) == (64, 64)
    assert not (tmp_path / 'p.parts').exists()


def test_goes_on_after_a_kill(model, frames, tmp_path, monkeypatch):
    complete = tmp_path / 'complete'
    make(model, frames, complete)

    calls = []
    step = model.test_step

    def dies(data):
        calls.append(data)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return step(data)

    monkeypatch.setattr(model, 'test_step', dies)
    with pytest.raises(KeyboardInterrupt):
        make(model, frames, tmp_path / 'p')
    assert not (tmp_path / 'p').exists()
    monkeypatch.setattr(model, 'test_step', step)
    report = make(model, frames, tmp_path / 'p')
    assert report.made == 4, 'the first part, of three frames, was kept'
    assert report.frames == 7
    first, second = ProposalStore(complete), ProposalStore(tmp_path / 'p')
    assert list(first) == list(second)
    for key in first:
        np.testing.assert_allclose(first[key][0], second[key][0], atol=0.02)


def test_called_again_does_nothing_and_a_grown_set_is_added_to(model, frames, tmp_path):
    root, keys = frames
    make(model, (root, keys[:4]), tmp_path / 'p')
    assert make(model, (root, keys[:4]), tmp_path / 'p').made == 0
    report = make(model, frames, tmp_path / 'p')
    assert (report.made, report.frames) == (3, 7)
    assert list(ProposalStore(tmp_path / 'p')) == keys


def test_proposals_of_another_detector_are_not_mixed_in(model, frames, tmp_path):
    make(model, frames, tmp_path / 'p')
    with pytest.raises(ValueError, match='made otherwise'):
        make(model, frames, tmp_path / 'p', meta=dict(META, detector='other'))


def test_broken_frames_are_named_and_the_others_kept(model, frames, tmp_path):
    root, keys = frames
    whole = (root / keys[2]).read_bytes()
    (root / keys[2]).write_bytes(whole[:200])
    (root / keys[5]).unlink()
    report = make(model, frames, tmp_path / 'p')
    assert sorted(report.broken) == [keys[2], keys[5]]
    assert keys[2] in report.broken[keys[2]]
    assert 'there is no image' in report.broken[keys[5]]
    assert report.made == 5
    assert not (tmp_path / 'p').exists()

    (root / keys[2]).write_bytes(whole)
    (root / keys[5]).write_bytes(whole)
    report = make(model, frames, tmp_path / 'p')
    assert (report.made, report.frames) == (2, 7)
    assert list(ProposalStore(tmp_path / 'p')) == keys


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


def test_command_line_on_two_processes(detector_files, frames, tmp_path):
    root, keys = frames
    ann_file = tmp_path / 'train.json'
    annotations = dict(
        images=[dict(id=i, file_name=key, height=64, width=64) for i, key in enumerate(keys)],
        annotations=[dict(image_id=0, category_id=1, bbox=[0, 0, 20, 20])],
        categories=[dict(id=1, name='pedestrian')],
    )
    ann_file.write_text(json.dumps(annotations))
    out = tmp_path / 'p.proposals'
    tool = ROOT / 'tools/dataset_converters/make_proposals.py'
    launcher = ['-m', 'torch.distributed.run', '--nproc_per_node=2', '--master_port=29611']
    done = subprocess.run(
        [
            *(sys.executable, *launcher, str(tool), *detector_files),
            *('--data-root', str(root), '--ann-file', str(ann_file), '--out', str(out)),
            *('--device', 'cpu', '--workers', '0', '--launcher', 'pytorch'),
        ],
        capture_output=True,
        text=True,
        env=dict(os.environ, OMP_NUM_THREADS='1'),
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert '7 frames' in done.stdout
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


def test_identity_of_a_config_is_the_same_on_every_machine():
    portable = command.portable
    here, there = (
        dict(a=(1, None, 0.5), init_cfg=dict(checkpoint=f'/{folder}/x.pth'), cls=Path)
        for folder in ('home/me', 'data')
    )
    assert portable(here) == portable(there)
    assert portable(here) != portable(dict(here, a=(1, None, 0.6)))
    json.dumps(portable(here))


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(config='nowhere.py'), 'there is no config nowhere.py'),
        (dict(checkpoint='nowhere.pth'), 'there is no checkpoint nowhere.pth'),
        (dict(checkpoint='text.pth'), 'text.pth: is no checkpoint'),
        (dict(checkpoint='other.pth'), 'other.pth does not fit the model of this config'),
        (dict(ann_file='nowhere.json'), 'there is no annotation file nowhere.json, nor set'),
        (dict(ann_file='text.pth'), 'text.pth is not a COCO annotation file'),
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
    given = dict(config=config, checkpoint=checkpoint, data_root='set', out='p')
    given.update(changes)
    code = call(
        'proposals',
        *(given.pop('config'), given.pop('checkpoint'), '--device', 'cpu', '--workers', 0),
        *(part for key, value in given.items() for part in (f'--{key.replace("_", "-")}', value)),
    )
    assert code == 1
    assert f'make_proposals: {message}' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('files', 'message'),
    [
        (('nowhere', 'a.json'), 'there is no proposal file nowhere'),
        (('text', 'a.json'), 'text is not a proposal file'),
        (('p', 'nowhere.json'), "[Errno 2] No such file or directory: 'nowhere.json'"),
        (('p', 'text'), 'text is not a COCO annotation file'),
        (('p', 'a.json'), '1 of 1 frames of a.json are not in the proposal file p'),
        (('p', 'b.json'), 'b.json is no annotation file: it has no categories, annotations'),
    ],
)
def test_mistakes_in_measuring_are_one_line(tmp_path, monkeypatch, capsys, files, message):
    monkeypatch.chdir(tmp_path)
    Path('text').write_text('something else')
    Path('a.json').write_text(json.dumps(dict(images=[dict(id=1, file_name='b/1.jpg')])))
    Path('b.json').write_text(json.dumps(dict(images=[dict(id=1, file_name='a/1.jpg')])))
    write_proposals('p', [('a/1.jpg', (64, 64), np.zeros((0, 4)), np.zeros(0))])
    assert call('proposal_recall', *files) == 1
    assert f'proposal_recall: {message}' in capsys.readouterr().err


def test_det_db_from_the_command_line(tmp_path, capsys):
    (tmp_path / 'db.json').write_text(json.dumps({'X/a/img1/1.txt': ['1,2,3,4,0.5\n']}))
    tool = 'convert_proposals'
    assert call(tool, 'from-det-db', tmp_path / 'db.json', tmp_path / 'p', '--strip', 'X/') == 0
    assert '1 frames, 1 proposals' in capsys.readouterr().out
    assert call(tool, 'to-det-db', tmp_path / 'p', tmp_path / 'back.json', '--prefix', 'X/') == 0
    assert list(json.loads((tmp_path / 'back.json').read_text())) == ['X/a/img1/1.txt']
    assert call(tool, 'to-det-db', tmp_path / 'gone', tmp_path / 'back.json') == 1
    assert 'there is no proposal file' in capsys.readouterr().err
