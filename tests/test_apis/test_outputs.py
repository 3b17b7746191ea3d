"""All the files of a tracked video: whole, damaged, interrupted, on a full disk."""

import json
import os

import av
import cv2
import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from result_samples import read_video, result_of, results
from vsd_mot.apis import TrackOutputs, open_source
from vsd_mot.errors import OutputError
from vsd_mot.fileio import open_new
from vsd_mot.video.writers import records, video


def test_all_outputs_of_a_video(tmp_path):
    source = open_source(moving_boxes())
    with TrackOutputs(tmp_path / 'out', source, ('box',), pictures_every=5) as outputs:
        for result in results():
            outputs.write(result)
    files = {kind: path.name for kind, path in outputs.files.items()}
    assert files == dict(
        text='video.txt',
        json='video.json',
        video='video_tracked.mp4',
        pictures='video_pictures',
        curve='video_quality.png',
    )
    assert sorted(os.listdir(tmp_path / 'out')) == sorted(files.values())
    assert len(read_video(outputs.files['video'])[0]) == 12
    assert sorted(os.listdir(outputs.files['pictures'])) == [
        '000001.jpg',
        '000006.jpg',
        '000011.jpg',
    ]
    assert cv2.imread(str(outputs.files['curve'])).shape[1] > 600
    assert json.loads(outputs.files['json'].read_text())['info']['complete'] is True
    assert outputs.close() == outputs.files  # closing again does nothing


def test_outputs_without_video_and_quality(tmp_path):
    with TrackOutputs(tmp_path, open_source(moving_boxes()), video=False) as outputs:
        for result in results(quality=False):
            outputs.write(result)
    assert set(outputs.files) == {'text', 'json'}
    assert outputs.picture is None


def test_unreadable_frames_do_not_shift_the_video(tmp_path):
    frames = results(6)
    frames[0] = result_of(0, None, fault='frame 1: broken')
    frames[3] = result_of(3, None, fault='frame 4: broken')
    with TrackOutputs(tmp_path, open_source(moving_boxes(6))) as outputs:
        for result in frames:
            outputs.write(result)
    with av.open(str(outputs.files['video'])) as container:
        shown = list(container.decode(video=0))
    assert [frame.time for frame in shown] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    brightness = [frame.to_ndarray(format='gray').mean() for frame in shown]
    # Frame 1 is black, frame 4 shows frame 3, darkened.
    assert brightness[0] < brightness[3] < 0.6 * brightness[2]
    assert brightness[1] == pytest.approx(brightness[2], rel=0.1)


def test_an_error_leaves_valid_files_with_what_was_done(tmp_path):
    def fail():
        with TrackOutputs(tmp_path, open_source(moving_boxes())) as outputs:
            for result in results()[:7]:
                outputs.write(result)
            raise KeyError('a fault in the loop')

    with pytest.raises(KeyError):
        fail()
    assert len(read_video(tmp_path / 'video_tracked.mp4')[0]) == 7
    assert len((tmp_path / 'video.txt').read_text().splitlines()) == 14
    info = json.loads((tmp_path / 'video.json').read_text())['info']
    assert (info['frames'], info['complete']) == (7, False)
    assert not [name for name in os.listdir(tmp_path) if 'partial' in name or 'reserve' in name]


@pytest.mark.parametrize('full', ['video.txt', 'video.json', 'video_tracked.mp4'])
def test_full_disk_is_named_and_the_other_files_are_kept(tmp_path, full, monkeypatch):
    def open_on_full_disk(path):
        start, end = full.split('.')
        is_full = path.name.startswith(f'{start}.') and path.name.endswith(f'.{end}.partial')
        return open('/dev/full', 'wb', buffering=0) if is_full else open_new(path)

    for module in (records, video):
        monkeypatch.setattr(module, 'open_new', open_on_full_disk)

    def run():
        with TrackOutputs(tmp_path, open_source(moving_boxes())) as outputs:
            for result in results():
                outputs.write(result)

    with pytest.raises(OutputError, match=rf'{full} could not be written: the disk is full'):
        run()
    left = {path.name for path in tmp_path.iterdir() if not path.is_symlink()}
    assert full not in left
    if full != 'video.json':  # its beginning is written before all else
        assert json.loads((tmp_path / 'video.json').read_text())['info']['complete'] is False
    if full == 'video_tracked.mp4':
        assert np.loadtxt(tmp_path / 'video.txt', delimiter=',').shape[1] == 10


def test_source_is_never_overwritten(tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(2))
    source = open_source(folder)
    source.path = tmp_path / 'walk_tracked.mp4'
    source.path.write_bytes(b'precious')
    with pytest.raises(OutputError, match=r'walk_tracked\.mp4 is the source itself'):
        TrackOutputs(tmp_path, source)
    assert source.path.read_bytes() == b'precious'
    assert sorted(os.listdir(tmp_path)) == ['walk', 'walk_tracked.mp4']


def test_folder_that_cannot_be(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(OutputError, match=r'file.* could not be written'):
        TrackOutputs(tmp_path / 'file', open_source(moving_boxes()))


def test_the_json_comes_last_and_names_the_others(tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr(
        'vsd_mot.video.writers.base.os.replace',
        lambda source, target: (order.append(target.name), os.rename(source, target)),
    )
    source = open_source(moving_boxes(2))
    with TrackOutputs(tmp_path, source, name='a_video', info=dict(config='c')) as outputs:
        for result in results(2):
            outputs.write(result)
        outputs.info['tracks'] = 2
    assert order[-1] == 'a_video.json'
    info = json.loads((tmp_path / 'a_video.json').read_text())['info']
    assert (info['config'], info['tracks'], info['source']) == ('c', 2, 'video')
    others = {path.name for path in tmp_path.iterdir()} - {'a_video.json'}
    assert set(info['files'].values()) == others
    assert {'a_video.txt', 'a_video_tracked.mp4', 'a_video_quality.png'} <= others
