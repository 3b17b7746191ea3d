"""Many videos as one job."""

import json
import os
import shutil

import cv2
import pytest

from bright_box_tracker import moving_boxes, write_config, write_frames
from vsd_mot.apis import ProposalError, init_tracker, track_videos
from vsd_mot.evaluation import evaluate_mot_files

pytestmark = pytest.mark.filterwarnings('ignore:no checkpoint was given')


@pytest.fixture
def tracker(tmp_path):
    return init_tracker(write_config(tmp_path), device='cpu')


@pytest.fixture
def clips(tmp_path):
    """Two folders of images that share their name, a video, and a file that is none."""
    folder = tmp_path / 'clips'
    for name in ('a', 'b'):
        write_frames(folder / name / 'walk', moving_boxes(4))
    writer = cv2.VideoWriter(
        str(folder / 'street.mp4'), cv2.VideoWriter_fourcc(*'mp4v'), 10, (128, 96)
    )
    for frame in moving_boxes(5):
        writer.write(frame)
    writer.release()
    (folder / 'bad.mp4').write_bytes(b'broken')
    return folder


def statuses(report):
    return {one.name: one.status for one in report.summaries}


ALL = dict(a_walk='tracked', b_walk='tracked', bad='failed', street='tracked')
BEFORE = {name: status.replace('tracked', 'finished before') for name, status in ALL.items()}


def test_one_bad_file_stops_no_other_and_all_have_their_place(tracker, clips, tmp_path):
    out = tmp_path / 'out'
    report = track_videos(tracker, [clips], out, pictures_every=2, info=dict(config='c'))
    assert statuses(report) == ALL
    assert not report.is_good
    files = {path.relative_to(out).as_posix() for path in out.rglob('*') if path.is_file()}
    for name, count in (('a_walk', 4), ('b_walk', 4), ('street', 5)):
        data = json.loads((out / name / f'{name}.json').read_text())
        assert data['info']['frames'] == count
        assert data['info']['config'] == 'c'
        assert data['videos'][0]['name'] == name
        assert {f'{name}/{name}.txt', f'{name}/{name}_tracked.mp4'} <= files
    assert not [name for name in files if 'bad' in name or 'partial' in name or '/.' in name]
    assert report.files == [out / 'summary.json', out / 'summary.csv']
    assert 'cannot be opened as a video' in report.summaries[2].error
    assert [one.tracks for one in report.summaries] == [2, 2, 0, 2]


def test_finished_videos_are_not_tracked_again(tracker, clips, tmp_path):
    out = tmp_path / 'out'
    first = track_videos(tracker, [clips], out, video=False)
    stamp = (out / 'street' / 'street.json').stat().st_mtime_ns
    frames = len(tracker.model.frame_ids)
    again = track_videos(tracker, [clips], out, video=False)
    assert statuses(again) == BEFORE
    assert len(tracker.model.frame_ids) == frames
    assert (out / 'street' / 'street.json').stat().st_mtime_ns == stamp
    for one, other in zip(first.summaries, again.summaries):
        assert (one.frames, one.tracks) == (other.frames, other.tracks)
    (clips / 'bad.mp4').unlink()
    assert track_videos(tracker, [clips], out, video=False).is_good


def remove_text(clips, out):
    (out / 'street' / 'street.txt').unlink()


def spoil_json(clips, out):
    path = out / 'street' / 'street.json'
    text = path.read_text().replace('"complete": true', '"complete": false')
    path.write_text(text)


def touch_source(clips, out):
    os.utime(clips / 'street.mp4', (1, 1))


def replace_text_later(clips, out):
    """As a kill leaves it between two files of a run with other settings."""
    (out / 'street' / 'street.txt').write_text('1,1,0,0,5,5,1,-1,-1,-1\n')
    later = (out / 'street' / 'street.json').stat().st_mtime + 5
    os.utime(out / 'street' / 'street.txt', (later, later))


@pytest.mark.parametrize('change', [remove_text, spoil_json, touch_source, replace_text_later])
def test_what_is_not_whole_or_of_another_source_is_tracked_again(tracker, clips, tmp_path, change):
    out = tmp_path / 'out'
    track_videos(tracker, [clips], out, video=False)
    change(clips, out)
    assert statuses(track_videos(tracker, [clips], out, video=False)) == {
        **BEFORE,
        'street': 'tracked',
    }
    assert len((out / 'street' / 'street.txt').read_text().splitlines()) == 10


def test_other_settings_are_another_result(tracker, clips, tmp_path):
    out = tmp_path / 'out'
    source = [clips / 'street.mp4']
    assert track_videos(tracker, source, out, max_frames=3).summaries[0].status == 'shortened'
    assert track_videos(tracker, source, out, max_frames=3).summaries[0].status == 'finished before'
    assert track_videos(tracker, source, out, max_frames=4).summaries[0].status == 'shortened'
    assert track_videos(tracker, source, out).summaries[0].status == 'tracked'
    assert track_videos(tracker, source, out, window=3).summaries[0].status == 'finished before'
    tracker.model.bias.data += 1.0
    assert track_videos(tracker, source, out).summaries[0].status == 'tracked'


def test_results_of_another_source_are_not_replaced(tracker, clips, tmp_path):
    out = tmp_path / 'out'
    track_videos(tracker, [clips / 'street.mp4'], out)
    (tmp_path / 'other').mkdir()
    shutil.copy(clips / 'street.mp4', tmp_path / 'other')
    (summary,) = track_videos(tracker, [tmp_path / 'other'], out).summaries
    assert summary.status == 'failed'
    assert 'holds the results of another source' in summary.error


def test_a_fault_of_ours_in_one_video_is_of_that_video_alone(tracker, clips, tmp_path, monkeypatch):
    predict, calls = tracker.model.predict, iter(range(100))

    def fail(*args, **kwargs):
        if next(calls) == 2:
            raise ZeroDivisionError('of the model')
        return predict(*args, **kwargs)

    monkeypatch.setattr(tracker.model, 'predict', fail)
    report = track_videos(tracker, [clips], tmp_path / 'out')
    assert statuses(report) == {**ALL, 'a_walk': 'failed'}
    assert report.summaries[0].error == 'ZeroDivisionError: of the model'
    info = json.loads((tmp_path / 'out' / 'a_walk' / 'a_walk.json').read_text())['info']
    assert info['complete'] is False


def test_the_det_file_of_one_video_is_not_for_all(tracker, clips, tmp_path):
    with pytest.raises(ProposalError, match=r'write \{name\} where the name of each video'):
        track_videos(tracker, [clips], tmp_path / 'out', proposals='det.txt')
    (one, *_) = track_videos(
        tracker, [clips], tmp_path / 'out', proposals='det/{name}.txt'
    ).summaries
    assert 'makes its own detections' in one.error


def test_results_are_scored_where_they_are(tracker, tmp_path):
    for name in ('A', 'B'):
        folder = write_frames(tmp_path / 'set' / name / 'img1', moving_boxes(4))
        for number in range(1, 5):
            (folder / f'frame{number}.png').rename(folder / f'{number:06d}.png')
    track_videos(tracker, [tmp_path / 'set'], tmp_path / 'out', video=False)
    for name in ('A', 'B'):
        (tmp_path / 'set' / name / 'gt').mkdir()
        rows = (tmp_path / 'out' / name / f'{name}.txt').read_text().replace('0.9000,', '1,')
        (tmp_path / 'set' / name / 'gt' / 'gt.txt').write_text(rows)
    scores = evaluate_mot_files(tmp_path / 'set', tmp_path / 'out')
    assert set(scores.sequences) == {'A', 'B'}
    assert scores.combined['HOTA'] == pytest.approx(1.0)
