"""The command that makes low-quality copies."""

import json
import os

import cv2
import pytest

from lq_samples import images, run
from vsd_mot.degradation import FrameParams, VideoDegradation


def test_copy_is_complete_and_is_what_the_library_makes(lq_source, tmp_path, capsys):
    target = tmp_path / 'lq'
    assert run(lq_source, target, '--seed', 5) == 0
    assert 'complete and verified' in capsys.readouterr().out
    assert len(images(target)) == 9
    for name in ('A', 'B', 'C'):
        assert (target / name / 'gt/gt.txt').read_bytes() == (
            lq_source / name / 'gt/gt.txt'
        ).read_bytes()
        assert (target / name / 'seqinfo.ini').exists()
        assert not (target / name / 'det').exists()  # detections on the clean images
    clean = cv2.imread(str(lq_source / 'B/img1/000002.jpg'))
    stored = (target / 'B/img1/000002.jpg').read_bytes()
    assert stored == VideoDegradation('B', 5).to_jpeg(clean, 1)


def test_manifests_tell_what_was_done(lq_source, tmp_path):
    target = tmp_path / 'lq'
    run(lq_source, target, '--seed', 5)
    manifest = json.loads((target / 'manifest.json').read_text())
    assert manifest['seed'] == 5
    assert manifest['complete'] is True
    assert manifest['settings']['first']['sigma'] == [0.2, 3.0]
    assert [s['path'] for s in manifest['sequences']] == ['A', 'B', 'C']
    head, *frames = map(json.loads, (target / 'C/degradation.jsonl').read_text().splitlines())
    assert head == dict(video='C', version=manifest['version'], seed=5, frames=3)
    assert [frame['file'] for frame in frames] == ['000001.jpg', '000002.jpg', '000003.jpg']
    params = FrameParams.from_dict(frames[2]['params'])
    assert params.to_dict() == VideoDegradation('C', 5).params(2).to_dict()


def test_fraction_and_rest(lq_source, tmp_path):
    assert run(lq_source, tmp_path / 'skip', '--fraction', '2/3') == 0
    degraded = {path.name for path in (tmp_path / 'skip').iterdir() if path.is_dir()}
    assert len(degraded) == 2
    assert run(lq_source, tmp_path / 'copy', '--fraction', '2/3', '--rest', 'copy') == 0
    assert run(lq_source, tmp_path / 'link', '--fraction', '2/3', '--rest', 'link') == 0
    (clean,) = {'A', 'B', 'C'} - degraded
    for kind in ('copy', 'link'):
        for path in (lq_source / clean / 'img1').iterdir():
            assert (tmp_path / kind / clean / 'img1' / path.name).read_bytes() == path.read_bytes()
        assert (tmp_path / kind / clean / 'gt/gt.txt').exists()
        manifest = json.loads((tmp_path / kind / 'manifest.json').read_text())
        flags = {s['path']: s['degraded'] for s in manifest['sequences']}
        assert flags == {name: name in degraded for name in 'ABC'}
    assert (tmp_path / 'link' / clean / 'img1').is_symlink()


def test_another_set_in_the_target_is_refused(lq_source, tmp_path, capsys):
    target = tmp_path / 'lq'
    run(lq_source, target, '--seed', 1)
    assert run(lq_source, target, '--seed', 2) == 1
    assert 'differs in seed' in capsys.readouterr().err
    (target / 'manifest.json').unlink()
    assert run(lq_source, target, '--seed', 1) == 1
    assert 'not made by make_lq' in capsys.readouterr().err


def test_settings_file(lq_source, tmp_path, capsys):
    path = tmp_path / 'mild.py'
    path.write_text(
        "fluctuation = dict(noise='video')\nsettings = dict(first=dict(sigma=(1, 2)))\n"
    )
    assert run(lq_source, tmp_path / 'lq', '--settings', path) == 0
    manifest = json.loads((tmp_path / 'lq/manifest.json').read_text())
    assert manifest['settings']['first']['sigma'] == [1, 2]
    assert manifest['fluctuation']['noise'] == 'video'
    path.write_text('sigma = 3\n')
    assert run(lq_source, tmp_path / 'lq2', '--settings', path) == 1
    assert "not ['sigma']" in capsys.readouterr().err


@pytest.mark.parametrize(
    ('args', 'message'),
    [
        (['--fraction', '3/2'], 'above 0 and up to 1'),
        (['--shard', '3/2'], '1 <= i <= n'),
        (['--sequences', 'Z*'], 'no sequences'),
        (['--recipe', 'lqmot'], 'does not exist'),
    ],
)
def test_bad_arguments_are_explained(lq_source, tmp_path, capsys, args, message):
    assert run(lq_source, tmp_path / 'lq', *args) == 1
    assert message in capsys.readouterr().err


def test_unreadable_image_is_named(lq_source, tmp_path, capsys):
    (lq_source / 'B/img1/000002.jpg').write_bytes(b'nothing')
    assert run(lq_source, tmp_path / 'lq') == 1
    error = capsys.readouterr().err
    assert 'B/img1/000002.jpg' in error.replace(os.sep, '/')
    assert 'copy it again' in error


def test_a_profile_takes_the_place_of_real_esrgan_and_loses_its_frames(lq_source, tmp_path):
    target = tmp_path / 'lq'
    assert run(lq_source, target, '--profile', 'cctv-6fps', '--severity', 2) == 0
    manifest = json.loads((target / 'manifest.json').read_text())
    assert (manifest['profile'], manifest['severity']) == ('cctv-6fps', 2)
    assert manifest['complete'] is True
    # At 30 frames per second the first of three frames is recorded.
    assert sorted(images(target)) == [f'{name}/img1/000001.jpg' for name in 'ABC']
    _, frame = map(json.loads, (target / 'B/degradation.jsonl').read_text().splitlines())
    assert set(frame['params']['parts']) == {'FrameRateOf', 'Defocus', 'Downscaling', 'H264'}
    assert run(lq_source, target, '--seed', 0) == 1, 'another set'
