"""From an uploaded video to its results."""

import json
import zipfile
from threading import Event

import numpy as np
import pytest

from app_samples import bright_tracker, bright_video
from bright_box_tracker import moving_boxes
from source_samples import write_video
from vsd_mot.app.tracking import Settings, track_upload
from vsd_mot.app.uploads import Limits


@pytest.fixture(scope='module')
def tracker(tmp_path_factory):
    return bright_tracker(tmp_path_factory.mktemp('tracker'))


@pytest.fixture(scope='module')
def video(tmp_path_factory):
    return bright_video(tmp_path_factory.mktemp('uploads') / 'walk.mp4')


def test_all_results_of_a_video(tracker, video, tmp_path) -> None:
    steps = []
    outcome = track_upload(
        tracker,
        video,
        tmp_path,
        info=dict(model='bright'),
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps == [(done, 12) for done in range(13)]
    assert outcome.frames == 12
    assert [row[:5] for row in outcome.table.rows()] == [
        [15, 'box', 1, 12, 12],
        [25, 'box', 1, 12, 12],
    ]
    assert outcome.curves.tracks().tracks.tolist() == [2] * 12
    assert len(outcome.curves.quality()) == 24
    assert not outcome.damage
    assert outcome.notes == []
    assert {kind: path.name for kind, path in outcome.files.items()} == dict(
        zip='walk.zip',
        text='walk.txt',
        video='walk_tracked.mp4',
        curve='walk_quality.png',
        json='walk.json',
    )
    info = json.loads(outcome.files['json'].read_text())['info']
    assert (info['complete'], info['model'], info['source']) == (True, 'bright', 'walk.mp4')
    with zipfile.ZipFile(outcome.files['zip']) as archive:
        assert archive.testzip() is None
        assert archive.read('walk.txt') == outcome.files['text'].read_bytes()
        assert len(archive.namelist()) == 4


def test_settings(tracker, video, tmp_path) -> None:
    outcome = track_upload(
        tracker, video, tmp_path, settings=Settings(min_score=0.95, max_frames=5, fps=2, window=3)
    )
    assert (outcome.frames, len(outcome.table)) == (5, 0)
    assert outcome.files['text'].read_text() == ''
    assert outcome.curves.tracks().seconds.tolist() == [0, 0.5, 1, 1.5, 2]
    assert outcome.notes == ['the first 5 of 12 frames were tracked']
    assert json.loads(outcome.files['json'].read_text())['info']['complete'] is False


def test_nobody_gets_more_frames_than_the_limit(tracker, video, tmp_path) -> None:
    settings = Settings(max_frames=1000)
    outcome = track_upload(tracker, video, tmp_path, settings=settings, limits=Limits(frames=4))
    assert outcome.frames == 4


def test_stopping_keeps_what_was_tracked(tracker, video, tmp_path) -> None:
    stop = Event()
    outcome = track_upload(
        tracker,
        video,
        tmp_path,
        progress=lambda done, total: stop.set() if done == 3 else None,
        stop=stop,
    )
    assert outcome.frames == 3
    assert len(outcome.files['text'].read_text().splitlines()) == 6


def test_damage_is_reported(tracker, tmp_path) -> None:
    frames = moving_boxes(30)
    frames[10:12] = [np.zeros_like(frames[0])] * 2
    video = write_video(tmp_path / 'walk.mkv', frames)
    video.write_bytes(video.read_bytes()[: video.stat().st_size * 2 // 3])
    outcome = track_upload(tracker, video, tmp_path / 'out')
    assert outcome.damage['blank'] == 2
    assert outcome.frames < 30
    assert any('walk.mkv' in note and 'missing' in note for note in outcome.notes)
    assert str(tmp_path) not in ' '.join(outcome.notes)
    assert json.loads(outcome.files['json'].read_text())['info']['complete'] is False
