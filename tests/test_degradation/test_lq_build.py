"""A low-quality set is made whole: by workers and shards, after a kill, with damaged files."""

import json
import os

import cv2
import numpy as np
import pytest

from lq_samples import images, run, write_sequence
from vsd_mot.commands.degrade import main
from vsd_mot.degradation import VideoDegradation


def test_workers_and_shards_make_the_same_bytes(lq_source, tmp_path, capsys):
    write_sequence(lq_source / 'long', frames=40)
    run(lq_source, tmp_path / 'one')
    assert main([str(lq_source), str(tmp_path / 'many'), '--workers', '2']) == 0
    assert images(tmp_path / 'many') == images(tmp_path / 'one')
    capsys.readouterr()
    for shard, status in (('1/3', 'missing'), ('3/3', 'missing'), ('2/3', 'complete')):
        assert run(lq_source, tmp_path / 'shared', '--shard', shard) == 0
        assert status in capsys.readouterr().out
        manifest = json.loads((tmp_path / 'shared/manifest.json').read_text())
        assert manifest['complete'] is (status == 'complete')
    assert images(tmp_path / 'shared') == images(tmp_path / 'one')


def test_resumes_after_a_kill(lq_source, tmp_path, capsys):
    target = tmp_path / 'lq'
    run(lq_source, target)
    whole = images(target)
    # As a kill leaves it: some images missing, a half-written temporary, no manifests of frames.
    (target / 'B/img1/000003.jpg').unlink()
    (target / 'C/img1/000001.jpg').unlink()
    half = target / 'C/img1/.000001.jpg.machine-12.tmp'
    half.write_bytes(b'\xff\xd8half')
    (target / 'C/degradation.jsonl').unlink()
    kept = os.stat(target / 'A/img1/000001.jpg').st_mtime_ns
    capsys.readouterr()
    assert run(lq_source, target) == 0
    assert '2 frames degraded' in capsys.readouterr().out
    assert images(target) == whole
    assert not half.exists()
    assert os.stat(target / 'A/img1/000001.jpg').st_mtime_ns == kept


@pytest.mark.parametrize('years', [-3, 3])
def test_a_source_that_changed_is_degraded_again(lq_source, tmp_path, capsys, years):
    target = tmp_path / 'lq'
    run(lq_source, target)
    before = images(target)
    picture, boxes = lq_source / 'B/img1/000002.jpg', lq_source / 'B/gt/gt.txt'
    cv2.imwrite(str(picture), 255 - cv2.imread(str(picture)))
    boxes.write_text('1,1,3,3,10,20,1,1,1\n')
    for path in (picture, boxes):  # replaced by an older or a newer one
        changed = path.stat().st_mtime + years * 3e7
        os.utime(path, (changed, changed))
    capsys.readouterr()
    assert run(lq_source, target) == 0
    assert '1 frames degraded' in capsys.readouterr().out
    after = images(target)
    assert [name for name in after if after[name] != before[name]] == ['B/img1/000002.jpg']
    assert (target / 'B/gt/gt.txt').read_text() == boxes.read_text()
    run(lq_source, tmp_path / 'anew')
    assert images(tmp_path / 'anew') == after
    assert run(lq_source, target) == 0
    assert '0 frames degraded' in capsys.readouterr().out


def test_verification_repairs_broken_and_foreign_images(lq_source, tmp_path):
    target = tmp_path / 'lq'
    run(lq_source, target)
    whole = images(target)
    cut = target / 'A/img1/000002.jpg'
    cut.write_bytes(cut.read_bytes()[:-20])
    foreign = target / 'B/img1/000001.jpg'
    foreign.write_bytes((lq_source / 'B/img1/000001.jpg').read_bytes())
    small = target / 'C/img1/000002.jpg'
    cv2.imwrite(str(small), np.zeros((8, 8, 3), np.uint8))
    assert run(lq_source, target, '--verify-only') == 0
    assert images(target) == whole
    (target / 'A/img1/000001.jpg').unlink()
    assert run(lq_source, target, '--verify-only') == 1


@pytest.mark.parametrize('suffix', ['.png', '.webp', '.tif'])
def test_sets_keep_their_lossless_format(tmp_path, suffix):
    write_sequence(tmp_path / 'set/A', suffix=suffix)
    assert run(tmp_path / 'set', tmp_path / 'lq') == 0
    clean = cv2.imread(str(tmp_path / f'set/A/img1/000001{suffix}'))
    stored = cv2.imread(str(tmp_path / f'lq/A/img1/000001{suffix}'))
    np.testing.assert_array_equal(stored, VideoDegradation('A', 0)(clean, 0))


def test_source_is_never_written(lq_source, tmp_path, capsys):
    before = images(lq_source)
    linked = tmp_path / 'linked'
    linked.symlink_to(lq_source, target_is_directory=True)
    inner = tmp_path / 'half'
    (inner / 'A').mkdir(parents=True)
    (inner / 'A/img1').symlink_to(lq_source / 'A/img1', target_is_directory=True)
    for target in (lq_source, lq_source / 'lq', tmp_path, linked, linked / 'new', inner):
        assert run(lq_source, target) == 1
        assert 'make_lq:' in capsys.readouterr().err
    assert images(lq_source) == before
    assert sorted(path.name for path in lq_source.iterdir()) == ['A', 'B', 'C']
