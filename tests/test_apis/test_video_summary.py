"""The table, JSON and CSV of a job."""

import csv
import json

from vsd_mot.apis.video_summary import VideoSummary, summary_table, write_summary

DONE = VideoSummary(
    'street', 'clips/street.mp4', 'tracked', frames=90, tracks=4, seconds=3.0, damage={'frozen': 2}
)
FAILED = VideoSummary('yard', 'yard.mp4', 'failed', error='it is\nnot a video ' + 'x ' * 60)


def test_a_row_for_each_video():
    lines = summary_table([DONE, FAILED]).splitlines()
    assert lines[0].split() == ['video', 'frames', 'tracks', 'fps', 'damage', 'status']
    assert lines[2].split() == ['street', '90', '4', '30.0', '2', 'frozen', 'tracked']
    assert 'failed: it is not a video' in lines[3]
    assert len(lines) == 4


def test_latency_where_there_is_one():
    live = VideoSummary('door', '0', 'stopped', latency=dict(median=12.4, p99=31.0))
    lines = summary_table([DONE, live]).splitlines()
    assert 'ms, median' in lines[0]
    assert lines[3].split()[4:] == ['12', '31', 'stopped']
    assert lines[2].split()[4:6] == ['nan', 'nan']


def test_files_for_programs(tmp_path):
    odd = VideoSummary('caf\udce9', 'caf\udce9.mp4')  # a name that is not UTF-8
    paths = write_summary(tmp_path, [DONE, FAILED, odd])
    assert [path.name for path in paths] == ['summary.json', 'summary.csv']
    videos = json.loads(paths[0].read_text())['videos']
    assert videos[0]['fps'] == 30.0
    assert videos[0]['damage'] == {'frozen': 2}
    assert [video['status'] for video in videos] == ['tracked', 'failed', 'not begun']
    with paths[1].open(newline='') as file:
        rows = list(csv.DictReader(file))
    assert rows[0]['damage'] == '2 frozen'
    assert rows[1]['error'] == FAILED.error


def test_what_counts_as_good():
    assert DONE.is_good
    assert not FAILED.is_good
    assert str(DONE) == 'street: tracked: 90 frames, 4 tracks, 30.0 frames per second'
    assert str(FAILED).startswith('yard: failed (it is')
