"""Segments that are whole at any moment, in memory that does not grow."""

import gc
import json
import re
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_config
from result_samples import read_video, results
from vsd_mot.apis import init_tracker, open_source, track_video
from vsd_mot.apis.segments import SegmentedOutputs
from vsd_mot.apis.video_run import VideoRun
from vsd_mot.engine.stopping import StopOnSignal
from vsd_mot.errors import BusyError

SEGMENT = re.compile(r'video_\d{8}T\d{6}Z(-\d+)?')


def by_begin(folder):
    """The JSON of each segment, in order of its first frame."""
    found = [json.loads(path.read_text()) for path in folder.glob('*.json')]
    return sorted(found, key=lambda one: one['info']['first_frame'])


def test_segments_count_from_their_beginning(tmp_path):
    """Twelve frames, ten a second: half a second a segment."""
    with SegmentedOutputs(
        tmp_path, open_source(moving_boxes()), minutes=0.5 / 60, info=dict(config='c')
    ) as outputs:
        for result in results():
            outputs.write(result)
    first, second, last = by_begin(tmp_path)
    for one, begin, frames in ((first, 1, 5), (second, 6, 5), (last, 11, 2)):
        info = one['info']
        assert (info['first_frame'], info['frames'], info['complete']) == (begin, frames, True)
        assert info['first_time'] == pytest.approx((begin - 1) / 10)
        assert (info['config'], info['tracks']) == ('c', 2)
        assert [image['time'] for image in one['images']] == pytest.approx(
            [index / 10 for index in range(frames)]
        )
        name = info['files']['text'].removesuffix('.txt')
        assert SEGMENT.fullmatch(name)
        table = np.loadtxt(tmp_path / f'{name}.txt', delimiter=',')
        assert table[:, 0].max() == frames
        assert set(table[:, 1]) == {15, 25}
        assert len(read_video(tmp_path / f'{name}_tracked.mp4')[0]) == frames
    assert outputs.segments == 3
    assert outputs.files['json'].name == last['info']['files']['text'].replace('.txt', '.json')


def test_what_has_its_name_is_whole_at_any_moment(tmp_path):
    outputs = SegmentedOutputs(tmp_path, open_source(moving_boxes()), minutes=0.2 / 60)
    most = 0
    for result in results():
        outputs.write(result)
        for path in tmp_path.glob('*.json'):
            info = json.loads(path.read_text())['info']
            assert info['complete'] is True
            assert all((tmp_path / name).exists() for name in info['files'].values())
            most = max(most, info['first_frame'])
    outputs.close()
    assert most > 1, 'segments appear while others are written'
    assert not [path for path in tmp_path.iterdir() if path.name.startswith('.')]
    assert not list(tmp_path.glob('*.partial'))


def test_a_second_run_adds_segments_and_clears_what_a_kill_left(tmp_path):
    left = ['.video_20200101T000000Z.reserve', '.video_20200101T000000Z-2.lock']
    stays = ['video_20200101T000000Z.0123456789ab.txt.partial', '.videos_20200101T000000Z.lock']
    for name in left + stays:
        (tmp_path / name).write_text('x')
    for _ in range(2):
        with SegmentedOutputs(
            tmp_path, open_source(moving_boxes()), minutes=1, video=False
        ) as outputs:
            for result in results(3):
                outputs.write(result)
    names = {path.name for path in tmp_path.iterdir()}
    assert len([name for name in names if name.endswith('.json')]) == 2
    assert not names & set(left)
    assert names >= set(stays)


def test_two_runs_do_not_write_the_same_camera(tmp_path):
    source = open_source(moving_boxes())
    with (
        SegmentedOutputs(tmp_path, source, minutes=1),
        pytest.raises(BusyError, match='video is being written'),
    ):
        SegmentedOutputs(tmp_path, source, minutes=1)
    with pytest.raises(ValueError, match='0 minutes'):
        SegmentedOutputs(tmp_path, source, minutes=0)


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_memory_does_not_grow(tmp_path):
    """At frames that lie alike in their segments, two segments apart.

    A leak shows in each interval, what is allocated once in a process in one of them. The hundred
    thousand frames are in test_reliability/test_long_runs.py.
    """
    tracker = init_tracker(write_config(tmp_path), device='cpu')
    pictures = moving_boxes(12)
    stream = track_video(tracker, (pictures[index % 12] for index in range(640)))
    outputs = SegmentedOutputs(tmp_path / 'out', stream.source, minutes=0.04, video=False)
    sizes = []

    def measure() -> bool:
        if run.summary.frames in (203, 347, 491, 635):
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
        return True

    run = VideoRun(stream, outputs, after_frame=measure)
    tracemalloc.start()
    with StopOnSignal() as signals:
        run.run(signals)
    tracemalloc.stop()
    assert run.summary.frames == 640
    assert outputs.segments == 9
    assert min(after - before for before, after in pairwise(sizes)) < 60_000, sizes
