"""The command that makes low-quality copies."""

import json
import os
from fractions import Fraction

import cv2
import numpy as np
import pytest
from skimage import data

from vsd_mot.commands.degrade import main
from vsd_mot.degradation import FrameParams, VideoDegradation
from vsd_mot.degradation.lq_plan import choose, parse_fraction, parse_shard

SIZE = (32, 24)


def write_sequence(folder, frames=3, suffix='.jpg'):
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    (folder / 'det').mkdir()
    for number in range(frames):
        image = np.roll(cv2.resize(data.chelsea(), SIZE), 3 * number, axis=1)
        cv2.imwrite(str(folder / 'img1' / f'{number + 1:06d}{suffix}'), image)
    (folder / 'gt' / 'gt.txt').write_text('1,1,2,3,10,20,1,1,1\n')
    (folder / 'det' / 'det.txt').write_text('1,-1,2,3,10,20,0.9\n')
    (folder / 'seqinfo.ini').write_text(f'[Sequence]\nname={folder.name}\nseqLength={frames}\n')


@pytest.fixture
def source(tmp_path):
    root = tmp_path / 'set'
    for name in ('A', 'B', 'C'):
        write_sequence(root / name)
    return root


def run(*args):
    return main([str(arg) for arg in (*args, '--workers', 1)])


def images(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob('img1/*'))
    }


def test_copy_is_complete_and_is_what_the_library_makes(source, tmp_path, capsys):
    target = tmp_path / 'lq'
    assert run(source, target, '--seed', 5) == 0
    assert 'complete and verified' in capsys.readouterr().out
    assert len(images(target)) == 9
    for name in ('A', 'B', 'C'):
        assert (target / name / 'gt/gt.txt').read_bytes() == (
            source / name / 'gt/gt.txt'
        ).read_bytes()
        assert (target / name / 'seqinfo.ini').exists()
        assert not (target / name / 'det').exists()  # detections on the clean images
    clean = cv2.imread(str(source / 'B/img1/000002.jpg'))
    stored = (target / 'B/img1/000002.jpg').read_bytes()
    assert stored == VideoDegradation('B', 5).to_jpeg(clean, 1)


def test_manifests_tell_what_was_done(source, tmp_path):
    target = tmp_path / 'lq'
    run(source, target, '--seed', 5)
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


def test_workers_and_shards_make_the_same_bytes(source, tmp_path, capsys):
    write_sequence(source / 'long', frames=40)
    run(source, tmp_path / 'one')
    assert main([str(source), str(tmp_path / 'many'), '--workers', '2']) == 0
    assert images(tmp_path / 'many') == images(tmp_path / 'one')
    capsys.readouterr()
    for shard, status in (('1/3', 'missing'), ('3/3', 'missing'), ('2/3', 'complete')):
        assert run(source, tmp_path / 'shared', '--shard', shard) == 0
        assert status in capsys.readouterr().out
        manifest = json.loads((tmp_path / 'shared/manifest.json').read_text())
        assert manifest['complete'] is (status == 'complete')
    assert images(tmp_path / 'shared') == images(tmp_path / 'one')


def test_resumes_after_a_kill(source, tmp_path, capsys):
    target = tmp_path / 'lq'
    run(source, target)
    whole = images(target)
    # As a kill leaves it: some images missing, a half-written temporary, no manifests of frames.
    (target / 'B/img1/000003.jpg').unlink()
    (target / 'C/img1/000001.jpg').unlink()
    half = target / 'C/img1/.000001.jpg.machine-12.tmp'
    half.write_bytes(b'\xff\xd8half')
    (target / 'C/degradation.jsonl').unlink()
    kept = os.stat(target / 'A/img1/000001.jpg').st_mtime_ns
    capsys.readouterr()
    assert run(source, target) == 0
    assert '2 frames degraded' in capsys.readouterr().out
    assert images(target) == whole
    assert not half.exists()
    assert os.stat(target / 'A/img1/000001.jpg').st_mtime_ns == kept


def test_verification_repairs_broken_and_foreign_images(source, tmp_path):
    target = tmp_path / 'lq'
    run(source, target)
    whole = images(target)
    cut = target / 'A/img1/000002.jpg'
    cut.write_bytes(cut.read_bytes()[:-20])
    foreign = target / 'B/img1/000001.jpg'
    foreign.write_bytes((source / 'B/img1/000001.jpg').read_bytes())
    small = target / 'C/img1/000002.jpg'
    cv2.imwrite(str(small), np.zeros((8, 8, 3), np.uint8))
    assert run(source, target, '--verify-only') == 0
    assert images(target) == whole
    (target / 'A/img1/000001.jpg').unlink()
    assert run(source, target, '--verify-only') == 1


def test_fraction_and_rest(source, tmp_path):
    assert run(source, tmp_path / 'skip', '--fraction', '2/3') == 0
    degraded = {path.name for path in (tmp_path / 'skip').iterdir() if path.is_dir()}
    assert len(degraded) == 2
    assert run(source, tmp_path / 'copy', '--fraction', '2/3', '--rest', 'copy') == 0
    assert run(source, tmp_path / 'link', '--fraction', '2/3', '--rest', 'link') == 0
    (clean,) = {'A', 'B', 'C'} - degraded
    for kind in ('copy', 'link'):
        for path in (source / clean / 'img1').iterdir():
            assert (tmp_path / kind / clean / 'img1' / path.name).read_bytes() == path.read_bytes()
        assert (tmp_path / kind / clean / 'gt/gt.txt').exists()
        manifest = json.loads((tmp_path / kind / 'manifest.json').read_text())
        flags = {s['path']: s['degraded'] for s in manifest['sequences']}
        assert flags == {name: name in degraded for name in 'ABC'}
    assert (tmp_path / 'link' / clean / 'img1').is_symlink()


def test_choice_is_random_by_seed_and_of_the_right_size():
    names = [f'dancetrack{i:04d}' for i in range(40)]
    chosen = choose(names, Fraction(2, 3), 0)
    assert len(chosen) == 27
    assert chosen == choose(names[::-1], Fraction(2, 3), 0)
    assert chosen != choose(names, Fraction(2, 3), 1)
    assert len(choose(names[:7], Fraction(2, 3), 0)) == 5


@pytest.mark.parametrize('suffix', ['.png', '.webp', '.tif'])
def test_sets_keep_their_lossless_format(tmp_path, suffix):
    write_sequence(tmp_path / 'set/A', suffix=suffix)
    assert run(tmp_path / 'set', tmp_path / 'lq') == 0
    clean = cv2.imread(str(tmp_path / f'set/A/img1/000001{suffix}'))
    stored = cv2.imread(str(tmp_path / f'lq/A/img1/000001{suffix}'))
    np.testing.assert_array_equal(stored, VideoDegradation('A', 0)(clean, 0))


def test_recipes_give_the_splits_of_the_paper(tmp_path):
    dance = tmp_path / 'dance'
    for number in range(3):
        write_sequence(dance / 'train' / f'dancetrack{number:04d}', frames=1)
    for number in range(3, 5):
        write_sequence(dance / 'val' / f'dancetrack{number:04d}', frames=1)
    assert run(dance, tmp_path / 'lqdance', '--recipe', 'lqdancetrack') == 0
    assert len(list((tmp_path / 'lqdance/train').iterdir())) == 2
    assert len(list((tmp_path / 'lqdance/val').iterdir())) == 2

    mot = tmp_path / 'mot'
    for number in ('02', '04', '05', '09', '10', '11', '13'):
        for detector in ('DPM', 'FRCNN', 'SDP'):
            write_sequence(mot / 'MOT17/train' / f'MOT17-{number}-{detector}', frames=1)
    for number in ('01', '02', '03', '05'):
        write_sequence(mot / 'MOT20/train' / f'MOT20-{number}', frames=1)
    # DST beside its sources, in their common parent
    assert run(mot, mot / 'LQMOT', '--recipe', 'lqmot', '--rest', 'copy') == 0
    train = sorted(path.name for path in (mot / 'LQMOT/train').iterdir())
    val = sorted(path.name for path in (mot / 'LQMOT/val').iterdir())
    assert len(train) == 7
    assert sum(name.startswith('MOT17') for name in train) == 5
    assert len(val) == 4
    assert all(name.endswith('-FRCNN') for name in train + val if name.startswith('MOT17'))
    flags = json.loads((mot / 'LQMOT/manifest.json').read_text())['sequences']
    assert sum(s['degraded'] for s in flags if s['path'].startswith('train')) == 5
    assert all(s['degraded'] for s in flags if s['path'].startswith('val'))


def test_source_is_never_written(source, tmp_path, capsys):
    before = images(source)
    linked = tmp_path / 'linked'
    linked.symlink_to(source, target_is_directory=True)
    inner = tmp_path / 'half'
    (inner / 'A').mkdir(parents=True)
    (inner / 'A/img1').symlink_to(source / 'A/img1', target_is_directory=True)
    for target in (source, source / 'lq', tmp_path, linked, linked / 'new', inner):
        assert run(source, target) == 1
        assert 'make_lq:' in capsys.readouterr().err
    assert images(source) == before
    assert sorted(path.name for path in source.iterdir()) == ['A', 'B', 'C']


def test_another_set_in_the_target_is_refused(source, tmp_path, capsys):
    target = tmp_path / 'lq'
    run(source, target, '--seed', 1)
    assert run(source, target, '--seed', 2) == 1
    assert 'differs in seed' in capsys.readouterr().err
    (target / 'manifest.json').unlink()
    assert run(source, target, '--seed', 1) == 1
    assert 'not made by make_lq' in capsys.readouterr().err


def test_settings_file(source, tmp_path, capsys):
    path = tmp_path / 'mild.py'
    path.write_text(
        "fluctuation = dict(noise='video')\nsettings = dict(first=dict(sigma=(1, 2)))\n"
    )
    assert run(source, tmp_path / 'lq', '--settings', path) == 0
    manifest = json.loads((tmp_path / 'lq/manifest.json').read_text())
    assert manifest['settings']['first']['sigma'] == [1, 2]
    assert manifest['fluctuation']['noise'] == 'video'
    path.write_text('sigma = 3\n')
    assert run(source, tmp_path / 'lq2', '--settings', path) == 1
    assert "not ['sigma']" in capsys.readouterr().err


@pytest.mark.parametrize(
    ('args', 'message'),
    [
        (['--fraction', '3/2'], 'above 0 and up to 1'),
        (['--shard', '3/2'], '1 <= i <= n'),
        (['--sequences', 'Z*'], 'no sequences'),
        (['--recipe', 'lqmot'], 'does not exist'),
        (['--seed', '-1'], 'must not be negative'),
    ],
)
def test_bad_arguments_are_explained(source, tmp_path, capsys, args, message):
    assert run(source, tmp_path / 'lq', *args) == 1
    assert message in capsys.readouterr().err


def test_unreadable_image_is_named(source, tmp_path, capsys):
    (source / 'B/img1/000002.jpg').write_bytes(b'nothing')
    assert run(source, tmp_path / 'lq') == 1
    error = capsys.readouterr().err
    assert 'B/img1/000002.jpg' in error.replace(os.sep, '/')
    assert 'copy it again' in error


def test_numbers_of_the_command_line():
    assert parse_fraction('all') == 1
    assert parse_fraction('0.5') == Fraction(1, 2)
    assert parse_shard('2/4') == (1, 4)
