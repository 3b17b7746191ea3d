"""Several cameras in one process are tracked as each would be alone."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from live_streams import BreakingCamera
from tracking_samples import build_tracker
from vsd_mot.apis import init_tracker, track_cameras, track_video
from vsd_mot.apis.tracker import Tracker
from vsd_mot.errors import SourceError, TrackingError
from vsd_mot.models.clock import Clock
from vsd_mot.video.reconnecting import ReconnectingSource

ROOT = Path(__file__).resolve().parents[2]

NAME = 'vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic'
LENGTHS = {'door': 5, 'yard': 3}


@pytest.fixture(scope='module')
def tracker():
    weights = ROOT / 'demo/vsd-mot_tiny_synthetic.pth'
    return init_tracker(NAME, str(weights), device='cpu')


@pytest.fixture(scope='module')
def folders(tmp_path_factory):
    """The demo clip, and its mirror image from a later frame on."""
    root = tmp_path_factory.mktemp('cameras')
    video = cv2.VideoCapture(str(ROOT / 'demo/clip.mp4'))
    pictures = [video.read()[1] for _ in range(8)]
    for name, frames in (('door', pictures[:5]), ('yard', [one[:, ::-1] for one in pictures[5:]])):
        (root / name).mkdir()
        for number, frame in enumerate(frames):
            cv2.imwrite(str(root / name / f'{number:06d}.png'), frame)
    return {name: root / name for name in LENGTHS}


def test_each_camera_has_the_tracks_it_has_alone(tracker, folders):
    together = {name: [] for name in LENGTHS}
    cameras = track_cameras(tracker, folders, wait=2.0)
    for name, result in cameras:
        together[name].append(result)
    cameras.close()
    assert {name: len(results) for name, results in together.items()} == LENGTHS
    assert all(camera.ended for camera in cameras.cameras.values())
    for name, folder in folders.items():
        alone = list(track_video(tracker, folder))
        assert sum(len(result.ids) for result in alone) > 0
        for one, other in zip(together[name], alone, strict=True):
            assert one.ids.tolist() == other.ids.tolist()
            np.testing.assert_allclose(one.boxes, other.boxes, atol=0.02)
            np.testing.assert_allclose(one.scores, other.scores, atol=1e-3)


def test_a_model_without_a_detector_is_refused(tracker, folders):
    without = Tracker(build_tracker(), tracker.pipeline, classes=tracker.classes)
    with pytest.raises(TrackingError, match='MOTRv2 cannot follow several cameras in one process'):
        track_cameras(without, folders)


def test_a_camera_that_fails_stops_no_other(tracker, folders):
    def broken():
        yield np.zeros((96, 128, 3), np.uint8)
        raise OSError('the cable is out')

    cameras = track_cameras(tracker, {'door': folders['door'], 'yard': broken()}, wait=1.0)
    names = [name for name, _ in cameras]
    cameras.close()
    assert names.count('door') == LENGTHS['door']
    assert names.count('yard') == 1
    assert str(cameras.cameras['yard'].failure) == 'the cable is out'
    assert cameras.cameras['door'].failure is None
    assert cameras.cameras['yard'].damage == {'blank': 1}


def test_the_gap_of_a_camera_reaches_the_tracker(tracker, folders, monkeypatch):
    """A clock that counts seconds sees how long nothing came."""
    pictures = [cv2.imread(str(path)) for path in sorted(folders['door'].iterdir())[:2]]
    source = ReconnectingSource(lambda: BreakingCamera(pictures), pauses=(1.2, 1.2))
    elapsed = []
    monkeypatch.setattr(tracker.model, 'clock', Clock('seconds', rate=1.0))
    track_one = tracker.model.track

    def watch(*args, **kwargs):
        elapsed.append(kwargs['elapsed'])
        return track_one(*args, **kwargs)

    monkeypatch.setattr(tracker.model, 'track', watch)
    cameras = track_cameras(tracker, {'door': source})
    times = []
    for name, result in cameras:
        times.append(result.time)
        if len(source.gaps) == 1:
            cameras.end(name)
    cameras.close()
    ((_, length),) = source.gaps
    assert length > 1.2
    assert max(elapsed) > 1.2
    assert np.diff(times).max() == pytest.approx(max(elapsed), abs=1e-6)


def test_a_source_that_cannot_be_opened_closes_the_others(tracker):
    camera = BreakingCamera([])
    camera.closed = False
    camera.close = lambda: setattr(camera, 'closed', True)
    with pytest.raises(SourceError, match=r'none\.mp4'):
        track_cameras(tracker, {'door': camera, 'yard': 'none.mp4'})
    assert camera.closed
