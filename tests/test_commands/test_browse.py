"""The command that shows data sets."""

import csv

import cv2
import pytest

from vsd_mot.commands.browse import main
from vsd_mot.degradation import VideoDegradation


def run(*args):
    return main([str(arg) for arg in args])


def table(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def test_samples_proposals_and_quality_of_a_set(synthetic_set, tmp_path, capsys):
    out = tmp_path / 'look'
    proposals = synthetic_set / 'proposals' / 'val.proposals'
    status = run(
        synthetic_set,
        '--sequences',
        'SYN-V*',
        '--proposals',
        proposals,
        '--degrade',
        0,
        '--columns',
        3,
        '--every',
        2,
        '--width',
        900,
        '--out-dir',
        out,
    )
    assert status == 0
    assert 'SYN-V01' in capsys.readouterr().out
    samples, beside = (cv2.imread(str(out / name)) for name in ('samples.jpg', 'beside.jpg'))
    assert samples.shape[1] == beside.shape[1] == 900
    # Two sequences: one row each, and a clean and a degraded row each.
    assert beside.shape[0] == pytest.approx(2 * samples.shape[0], rel=0.05)
    rows = table(out / 'quality.csv')
    assert {row['set'] for row in rows} == {'clean', 'degraded'}
    assert {row['video'] for row in rows} == {'SYN-V01', 'SYN-V02'}
    # Every second of ten frames, and the last one, which is shown.
    clean = [row for row in rows if row['set'] == 'clean' and row['video'] == 'SYN-V01']
    assert [int(row['frame']) for row in clean] == [0, 2, 4, 6, 8, 9]
    assert clean[1]['file'] == '000003.jpg'
    for row in rows:
        for part in ('quality', 'clarity', 'noise', 'contrast'):
            assert 0 <= float(row[part]) <= 1
    assert cv2.imread(str(out / 'quality.png')).shape[1] == 1500


def test_a_stored_copy_is_shown_beside(synthetic_set, tmp_path):
    copy = tmp_path / 'copy'
    source = synthetic_set / 'val' / 'SYN-V01' / 'img1'
    (copy / 'img1').mkdir(parents=True)
    camera = VideoDegradation('SYN-V01', 3)
    for number, path in enumerate(sorted(source.iterdir())):
        image = cv2.imread(str(path))
        assert cv2.imwrite(str(copy / 'img1' / path.name), camera(image, number))
    out = tmp_path / 'look'
    assert run(source.parent, '--beside', copy, '--out-dir', out, '--columns', 2) == 0
    rows = table(out / 'quality.csv')
    assert sum(row['set'] == 'degraded' for row in rows) == 10
    (copy / 'img1' / '000004.jpg').unlink()
    assert run(source.parent, '--beside', copy, '--out-dir', out) == 1


def test_clips_of_a_config(synthetic_set, tmp_path):
    config = tmp_path / 'clips.py'
    config.write_text(f"""
default_scope = 'mmtrack'
train_dataloader = dict(dataset=dict(
    type='MOTClipDataset', data_root={str(synthetic_set)!r}, ann_file='annotations/train.json',
    data_prefix=dict(img_path=''), proposal_file='proposals/train.proposals', clip_length=3,
    pipeline=[
        dict(type='ClipBroadcaster', transforms=[
            dict(type='LoadFrame'), dict(type='LoadTrackAnnotations', with_instance_id=True)]),
        dict(type='RandomDegradation', keep_clean=True),
        dict(type='PackClipInputs')]))
""")
    assert run(config, '--clips', 2, '--width', 600, '--out-dir', tmp_path / 'look') == 0
    sheet = cv2.imread(str(tmp_path / 'look' / 'clips.jpg'))
    # Two clips, each with what the teacher sees below: four rows of three frames 192 x 112.
    assert sheet.shape == pytest.approx((4 * (600 / 3 * 112 / 192 + 25), 600, 3), rel=0.1)


def test_wrong_arguments_are_explained(synthetic_set, tmp_path, capsys):
    out = ('--out-dir', tmp_path / 'look')
    assert run(tmp_path / 'nothing', *out) == 1
    assert 'neither a folder nor a config' in capsys.readouterr().err
    assert run(synthetic_set, '--sequences', 'X*', *out) == 1
    assert 'has no sequences' in capsys.readouterr().err
    proposals = synthetic_set / 'proposals' / 'val.proposals'
    assert run(synthetic_set / 'val', '--proposals', proposals, *out) == 1
    assert 'has no proposals of SYN-V01/img1/000001.jpg' in capsys.readouterr().err
