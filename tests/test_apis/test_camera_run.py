"""Cameras and their files, without a command around them."""

import json
import signal
from pathlib import Path

import cv2
import pytest

from vsd_mot.apis import init_tracker, open_source
from vsd_mot.apis.camera_run import write_cameras

ROOT = Path(__file__).resolve().parents[2]
NAME = 'vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic'


@pytest.fixture(scope='module')
def tracker():
    return init_tracker(NAME, str(ROOT / 'demo/vsd-mot_tiny_synthetic.pth'), device='cpu')


@pytest.fixture(scope='module')
def pictures():
    video = cv2.VideoCapture(str(ROOT / 'demo/clip.mp4'))
    return [cv2.resize(video.read()[1], (320, 180)) for _ in range(5)]


def info_of(folder, name):
    return json.loads((folder / name / f'{name}.json').read_text())['info']


def test_a_signal_ends_all_and_leaves_whole_files(tracker, pictures, tmp_path):
    names = []

    def after_frame(name):
        names.append(name)
        if len(names) == 3:
            signal.raise_signal(signal.SIGINT)

    sources = {name: open_source(pictures[:3]) for name in ('door', 'yard')}
    summaries, number = write_cameras(
        tracker, sources, tmp_path, after_frame=after_frame, video=False
    )
    assert number == signal.SIGINT
    assert {one.status for one in summaries} <= {'stopped', 'tracked'}
    assert sum(one.frames for one in summaries) == 3
    for one in summaries:
        info = info_of(tmp_path, one.name)
        assert (info['frames'], info['complete']) == (one.frames, one.status == 'tracked')


def test_a_limit_shortens_each_and_notes_it(tracker, pictures, tmp_path):
    sources = {'door': open_source(pictures[:3]), 'yard': open_source(pictures)}
    summaries, number = write_cameras(tracker, sources, tmp_path, max_frames=4, video=False)
    assert number is None
    assert {one.name: (one.status, one.frames) for one in summaries} == {
        'door': ('tracked', 3),
        'yard': ('shortened', 4),
    }
    assert info_of(tmp_path, 'door')['complete'] is True
    assert info_of(tmp_path, 'yard')['complete'] is False
    assert all(one.tracks > 0 for one in summaries)


def test_a_name_is_no_path(tracker, pictures, tmp_path):
    sources = {'../door': open_source(pictures[:2])}
    with pytest.raises(ValueError, match='the name of the camera'):
        write_cameras(tracker, sources, tmp_path / 'out', video=False)
    assert not list(tmp_path.glob('door*'))
