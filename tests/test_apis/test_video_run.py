"""A video is written whatever ends it, and what ended it is known."""

import json
import signal

import pytest

from bright_box_tracker import moving_boxes, write_config
from vsd_mot.apis import TrackOutputs, init_tracker, track_video
from vsd_mot.apis.video_run import VideoRun
from vsd_mot.engine.stopping import StopOnSignal

pytestmark = pytest.mark.filterwarnings('ignore:no checkpoint was given')


@pytest.fixture
def track(tmp_path):
    """Tracks twelve frames; returns the run, and what its JSON says."""
    tracker = init_tracker(write_config(tmp_path), device='cpu')

    def call(**options):
        results = track_video(tracker, moving_boxes())
        with TrackOutputs(tmp_path / 'out', results.source, video=False) as outputs:
            run = VideoRun(results, outputs, **options)
            with StopOnSignal() as signals:
                run.run(signals)
        results.close()
        return run, json.loads((tmp_path / 'out' / 'video.json').read_text())['info']

    return call


def test_to_the_end(track):
    run, info = track()
    summary = run.summary
    assert (summary.status, summary.frames, summary.tracks) == ('tracked', 12, 2)
    assert summary.seconds > 0
    assert (info['complete'], info['tracks'], info['damage']) == (True, 2, {})


@pytest.mark.parametrize('how', ['max_frames', 'after_frame'])
def test_enough(track, how):
    calls = iter([True, True, False])
    options = dict(max_frames=3) if how == 'max_frames' else dict(after_frame=lambda: next(calls))
    run, info = track(**options)
    assert (run.summary.status, run.summary.frames) == ('shortened', 3)
    assert (info['complete'], info['frames']) == (False, 3)


@pytest.mark.parametrize('kind', [ValueError, signal.SIGTERM])
def test_errors_and_signals_leave_what_was_tracked(track, kind):
    count = iter(range(12))

    def fail():
        if next(count) == 4:
            if kind is ValueError:
                raise ValueError('a fault of the model')
            signal.raise_signal(kind)
        return True

    run, info = track(after_frame=fail)
    assert (info['complete'], info['frames'], run.summary.frames) == (False, 5, 5)
    if kind is ValueError:
        assert run.summary.status == 'failed'
        assert run.summary.error == 'ValueError: a fault of the model'
        assert isinstance(run.failure, ValueError)
    else:
        assert run.summary.status == 'stopped'
        assert run.failure is None
