"""Two writers, killed writers, and what they leave: trials S1 to S8, K, V10 and V11."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from bright_box_tracker import moving_boxes, write_frames
from vsd_mot.apis import TrackOutputs, open_source
from vsd_mot.apis.masks import untracked
from vsd_mot.apis.output_place import written_info
from vsd_mot.datasets.synthetic import SyntheticSettings, make_synthetic_set
from vsd_mot.datasets.synthetic.writer import SequenceJob, is_whole, write_sequence
from vsd_mot.errors import BusyError, OutputError

SMALL = SyntheticSettings(seed=1, train_sequences=1, val_sequences=1, frames=3, width=96, height=64)


def folder(path, count=3):
    return write_frames(path, moving_boxes(count))


def track(out, source, **options):
    """Write results without tracks."""
    source = open_source(source)
    with TrackOutputs(out, source, video=False, **options) as outputs:
        for frame in source:
            outputs.write(untracked(frame))
    return outputs


def test_two_runs_of_one_name_do_not_mix(tmp_path):
    first = open_source(folder(tmp_path / 'a' / 'cam'))
    with (
        TrackOutputs(tmp_path / 'out', first, video=False),
        pytest.raises(BusyError, match=rf'cam is being written .*process {os.getpid()}'),
    ):
        TrackOutputs(tmp_path / 'out', first, video=False)
    assert sorted(os.listdir(tmp_path / 'out')) == ['cam.json', 'cam.txt']


def test_results_of_another_video_are_not_replaced(tmp_path):
    mine = folder(tmp_path / 'a' / 'cam')
    track(tmp_path / 'out', mine)
    before = (tmp_path / 'out' / 'cam.json').read_bytes()
    with pytest.raises(OutputError, match='holds the results of another source'):
        track(tmp_path / 'out', folder(tmp_path / 'b' / 'cam'))
    assert (tmp_path / 'out' / 'cam.json').read_bytes() == before
    assert track(tmp_path / 'out', mine).files  # once more is no mistake


@pytest.mark.parametrize('name', ['cam.txt', 'cam.json'])
def test_files_of_others_are_not_replaced(tmp_path, name):
    out = tmp_path / 'out'
    out.mkdir()
    (out / name).write_text('[1, 2, 3]')
    with pytest.raises(OutputError, match=rf'{name} exists'):
        track(out, folder(tmp_path / 'a' / 'cam'))
    assert (out / name).read_text() == '[1, 2, 3]'
    assert os.listdir(out) == [name]


def test_an_output_that_cannot_be_opened_leaves_the_last_results(tmp_path):
    source = folder(tmp_path / 'a' / 'cam')
    track(tmp_path / 'out', source)
    before = (tmp_path / 'out' / 'cam.txt').read_bytes(), (tmp_path / 'out' / 'cam.json').stat()
    (tmp_path / 'out' / 'cam_pictures').symlink_to(tmp_path)
    with pytest.raises(OutputError, match='it is a link'):
        track(tmp_path / 'out', source, pictures_every=1)
    assert (tmp_path / 'out' / 'cam.txt').read_bytes() == before[0]
    assert (tmp_path / 'out' / 'cam.json').stat().st_mtime_ns == before[1].st_mtime_ns


def test_pictures_of_a_longer_run_do_not_stay(tmp_path):
    source = folder(tmp_path / 'a' / 'cam')
    pictures = tmp_path / 'out' / 'cam_pictures'
    track(tmp_path / 'out', source, pictures_every=1)
    (pictures / '000099.jpg').write_bytes(b'of before')
    (pictures / 'notes.txt').write_bytes(b'of the user')
    track(tmp_path / 'out', source, pictures_every=2)
    assert sorted(os.listdir(pictures)) == ['000001.jpg', '000003.jpg', 'notes.txt']


def test_what_a_kill_left_is_cleared(tmp_path):
    source = folder(tmp_path / 'a' / 'cam')
    out = tmp_path / 'out'
    out.mkdir()
    left = ['cam.0123456789ab.txt.partial', 'cam_tracked.0123456789ab.mp4.partial', '.cam.reserve']
    others = ['camera.0123456789ab.txt.partial', 'cam.txt.partial', 'other.txt']
    for name in left + others:
        (out / name).write_text('x')
    track(out, source)
    assert sorted(os.listdir(out)) == sorted([*others, 'cam.json', 'cam.txt'])


def test_a_json_says_whose_it_is(tmp_path):
    source = folder(tmp_path / 'a' / 'cam')
    track(tmp_path / 'out', source, info=dict(config='c.py'))
    info = json.loads((tmp_path / 'out' / 'cam.json').read_text())['info']
    assert written_info(tmp_path / 'out' / 'cam.json') == info
    assert info['source_path'] == str(source.resolve())
    assert info['config'] == 'c.py'


def test_a_synthetic_sequence_that_is_not_whole_is_made_again(tmp_path):
    (first, *_) = make_synthetic_set(tmp_path / 'set', SMALL, progress=False)
    whole = {path.name: path.read_bytes() for path in (first / 'img1').iterdir()}
    (first / 'img1' / '000002.jpg').unlink()
    assert not is_whole(first, SMALL)
    make_synthetic_set(tmp_path / 'set', SMALL, progress=False)
    assert {path.name: path.read_bytes() for path in (first / 'img1').iterdir()} == whole


def test_who_comes_second_leaves_a_whole_sequence(tmp_path):
    (first, *_) = make_synthetic_set(tmp_path / 'set', SMALL, progress=False)
    stamp = (first / 'img1' / '000001.jpg').stat().st_mtime_ns
    write_sequence(tmp_path / 'set', SequenceJob('train', 1), SMALL)
    assert (first / 'img1' / '000001.jpg').stat().st_mtime_ns == stamp
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_half_made_sequences_of_a_kill_are_cleared(tmp_path):
    left = tmp_path / 'set' / 'train' / '.partial-SYN-T01-0123456789ab' / 'img1'
    make_synthetic_set(tmp_path / 'set', SMALL, progress=False)
    left.mkdir(parents=True)
    make_synthetic_set(tmp_path / 'set', replace(SMALL), progress=False)
    assert not left.parent.exists()
    assert '.make_synthetic.lock' not in os.listdir(tmp_path / 'set')


@pytest.mark.slow
def test_two_processes_make_one_synthetic_set(tmp_path):
    command = [sys.executable, 'tools/dataset_converters/make_synthetic.py', str(tmp_path / 'set')]
    command += ['--train-sequences', '2', '--val-sequences', '1']
    command += ['--frames', '8', '--size', '160x96']
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode == 0, said
    for split, count in (('train', 2), ('val', 1)):
        names = sorted(os.listdir(tmp_path / 'set' / split))
        assert names == [f'SYN-{split[0].upper()}{k:02d}' for k in range(1, count + 1)]
        for name in names:
            assert len(os.listdir(tmp_path / 'set' / split / name / 'img1')) == 8
