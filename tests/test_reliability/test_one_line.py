"""What an operator can mend is said in one line and with status 1, never by a traceback."""

import json
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from command_runs import assert_line
from toy_runner import ToyModel
from vsd_mot.commands import (
    convert_crowdhuman,
    convert_mot,
    convert_proposals,
    degrade,
    evaluate,
    proposals,
    robustness,
    synthesize,
    test,
    train,
)

REPOSITORY = Path(__file__).parents[2]


(TINY,) = (REPOSITORY / 'configs' / 'motrv2').glob('motrv2_tiny_*_synthetic_test-synthetic.py')


WEIGHTS = REPOSITORY / 'demo' / 'motrv2_tiny_synthetic.pth'


CONFIGS = {
    'ends': ('import sys\nsys.exit(0)', ['ends']),
    'raises': ('1/0', ['division by zero']),
    'syntax': ('model = dict(', ['was never closed|invalid syntax']),
    'itself': ("_base_ = './config.py'", ['config.py is not a valid config']),
    'nobase': ("_base_ = './gone.py'", ['gone.py']),
    'binary': ('\0\x01', ['config.py is not a valid config']),
    'nomodel': ('x = 1', ['no `model`']),
    'unknown': ("{base}model = dict(propagation=dict(_delete_=True, type='Nope'))", ['Nope']),
    'wrongarg': ('{base}model = dict(propagation=dict(nope=1))', ['nope']),
    'unknown set': (
        "{base}train_dataloader = dict(dataset=dict(_delete_=True, type='Nope'))",
        ['Nope'],
    ),
    'no set': ("{base}train_dataloader = dict(dataset=dict(data_root='/nope/'))", ['/nope/']),
}


@pytest.mark.parametrize('kind', CONFIGS)
def test_configs_that_cannot_be_trained(tmp_path, kind, capsys):
    text, messages = CONFIGS[kind]
    path = tmp_path / 'config.py'
    path.write_text(text.replace('{base}', f'_base_ = {str(TINY)!r}\n'))
    status = train.main([str(path), '--work-dir', str(tmp_path / 'work'), '--device', 'cpu'])
    assert status == 1
    assert_line(capsys.readouterr().err, 'train', *messages)


@pytest.mark.parametrize('kind', ['syntax', 'ends', 'nobase'])
def test_configs_that_cannot_be_measured(tmp_path, kind, capsys):
    path = tmp_path / 'config.py'
    path.write_text(CONFIGS[kind][0])
    work = str(tmp_path / 'work')
    assert robustness.main([str(path), 'none', '--work-dir', work]) == 1
    assert_line(capsys.readouterr().err, 'robustness', r'config\.py')


def test_resume_and_places_that_cannot_be(tmp_path, capsys):
    bare = tmp_path / 'bare.pth'
    torch.save(dict(state_dict=ToyModel().state_dict()), bare)
    a_file = tmp_path / 'file'
    a_file.write_text('')
    for options, message in (
        (['--resume', str(bare)], r'bare\.pth holds weights, but not where its training was'),
        (['--resume', str(tmp_path / 'gone.pth')], r'gone\.pth does not exist'),
    ):
        work = str(tmp_path / 'work')
        assert train.main([str(TINY), '--work-dir', work, '--device', 'cpu', *options]) == 1
        assert_line(capsys.readouterr().err, 'train', message)
    assert train.main([str(TINY), '--work-dir', str(a_file / 'work'), '--device', 'cpu']) == 1
    assert_line(capsys.readouterr().err, 'train', 'file')


def deep(root: Path) -> None:
    (root / 'annotation_train.odgt').write_text('{"ID": ' + '[' * 100_000)


FILES = {
    'odgt, deep': (
        convert_crowdhuman,
        deep,
        ['{root}', '--subsets', 'train'],
        'crowdhuman2coco',
        r'annotation_train\.odgt, line 1 is n',
    ),
    'det_db, deep': (
        convert_proposals,
        lambda root: (root / 'db.json').write_text('{"a":' + '[' * 100_000),
        ['from-det-db', '{root}/db.json', '{root}/x.proposals'],
        'convert_det_db',
        r'db\.json is nested too deeply',
    ),
    'det_db, scores': (
        convert_proposals,
        lambda root: (root / 'db.json').write_text('{"a/img1/1.txt": ["1,1,2,3,7"]}'),
        ['from-det-db', '{root}/db.json', '{root}/x.proposals'],
        'convert_det_db',
        r'db\.json: a/img1/1\.txt, line 1: the score 7',
    ),
    'det_db, negative width': (
        convert_proposals,
        lambda root: (root / 'db.json').write_text('{"a/img1/1.txt": ["1,1,-2,3,0.7"]}'),
        ['from-det-db', '{root}/db.json', '{root}/x.proposals'],
        'convert_det_db',
        r'line 1: a box of negative size',
    ),
    'marker that is a list': (
        synthesize,
        lambda root: (root / 'synthetic.json').write_text('[]'),
        ['{root}'],
        'make_synthetic',
        r'synthetic\.json must be a JSON object',
    ),
    'damaged results': (
        robustness,
        lambda root: (root / 'results.json').write_text('{"models": {'),
        [str(TINY), 'none', '--work-dir', '{root}'],
        'robustness',
        r'results\.json is not JSON',
    ),
    'PNG bomb': (
        convert_mot,
        lambda root: write_bomb(root / 'S1' / 'img1'),
        ['{root}'],
        'mot2coco',
        r'000001\.png.*pixels',
    ),
    'no ground truth': (evaluate, lambda root: None, ['{root}', '{root}'], 'error', 'no ground t'),
    'no set': (degrade, lambda root: None, ['{root}/x', '{root}/y'], 'make_lq', 'does not exist'),
    'no annotations': (
        proposals,
        lambda root: None,
        [str(TINY), 'none.pth', '--data-root', '{root}', '--out', '{root}/x.proposals'],
        'make_proposals',
        '.',
    ),
}


def write_bomb(folder: Path) -> None:
    folder.mkdir(parents=True)
    data = bytearray(cv2.imencode('.png', np.zeros((9, 9, 3), np.uint8))[1].tobytes())
    data[16:24] = (100_000).to_bytes(4, 'big') * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, 'big')
    (folder / '000001.png').write_bytes(data)


@pytest.mark.parametrize('kind', FILES)
def test_files_that_cannot_be_used(tmp_path, kind, capsys):
    command, prepare, options, name, message = FILES[kind]
    prepare(tmp_path)
    assert command.main([option.replace('{root}', str(tmp_path)) for option in options]) == 1
    assert_line(capsys.readouterr().err, name, message)


def people_and_nobody(root: Path) -> None:
    """S1 shows a person, S2 nobody."""
    for name, rows in (('S1', '1,1,12,26,18,21,1,1,1\n2,1,12,26,18,21,1,1,1\n'), ('S2', '')):
        (root / name / 'img1').mkdir(parents=True)
        (root / name / 'gt').mkdir()
        (root / name / 'gt' / 'gt.txt').write_text(rows)
        for number in (1, 2):
            image = np.full((64, 96, 3), 90, np.uint8)
            cv2.imwrite(str(root / name / 'img1' / f'{number:06d}.jpg'), image)


def test_a_sequence_without_people_keeps_the_metrics(tmp_path, capsys):
    people_and_nobody(tmp_path)
    assert convert_mot.main([str(tmp_path)]) == 0
    loader = 'test_dataloader'
    out = tmp_path / 'metrics.json'
    status = test.main(
        [
            *(str(TINY), str(WEIGHTS), '--out', str(out), '--work-dir', str(tmp_path / 'work')),
            *('--device', 'cpu', '--cfg-options', f'{loader}.dataset.data_root={tmp_path}/'),
            *(f'{loader}.dataset.ann_file=annotations/all.json', f'{loader}.num_workers=0'),
            *(f'{loader}.dataset.proposal_file=None', f'{loader}.persistent_workers=False'),
        ]
    )
    assert status == 0, capsys.readouterr().err
    metrics = json.loads(out.read_text())
    assert metrics['motchallenge-metric/FN'] == 2 - metrics['motchallenge-metric/TP']
