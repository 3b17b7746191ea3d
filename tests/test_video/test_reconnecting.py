"""Streams that break off."""

import time

import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from live_streams import tcp_stream
from source_samples import write_video
from vsd_mot.errors import SourceError
from vsd_mot.video.reader import FrameReader
from vsd_mot.video.reconnecting import ReconnectingSource, open_lasting
from vsd_mot.video.sources import FolderSource, Frame, FrameSource
from vsd_mot.video.video_source import VideoSource


class Broken(FrameSource):
    """Gives a few frames, then ends."""

    name = label = 'camera'
    live = True
    fps = 50.0

    def __iter__(self):
        for index in range(3):
            time.sleep(0.01)
            yield Frame(index, np.zeros((8, 8, 3), np.uint8))
        yield Frame(3, None, fault='the stream has gone')


def test_frames_are_counted_on_and_the_gap_is_in_their_times(capsys):
    answers = iter([Broken(), SourceError('no answer'), Broken(), *[SourceError('gone')] * 50])

    def connect():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    source = ReconnectingSource(connect, give_up=2.0, pauses=(0.5, 0.6))
    frames = list(source)
    assert [frame.index for frame in frames] == list(range(6))
    assert [frame.number for frame in frames] == list(range(1, 7))
    steps = np.diff([frame.time for frame in frames])
    assert steps[2] > 1.0, 'two pauses'
    assert np.delete(steps, 2).max() < 0.9
    ((_, length),) = source.gaps
    assert length == pytest.approx(steps[2])
    assert 'does not answer (no answer)' in capsys.readouterr().err


def test_the_first_connection_must_work():
    def connect():
        raise SourceError('no such camera')

    with pytest.raises(SourceError, match='no such camera'):
        ReconnectingSource(connect)


def test_a_stream_that_stays_away_ends_with_the_reason():
    answers = iter([Broken(), *[SourceError('gone')] * 50])

    def connect():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    source = ReconnectingSource(connect, give_up=0.3, pauses=(0.1, 0.1))
    assert len(list(source)) == 3
    assert source.incomplete == 'camera gave no frame for 0.3 s'


def test_it_is_closed_while_it_waits_for_an_answer():
    first = [Broken()]

    def connect():
        if first:
            return first.pop()
        raise SourceError('gone')

    source = ReconnectingSource(connect, pauses=(60.0, 60.0))
    reader = FrameReader(source)
    time.sleep(0.3)
    begin = time.monotonic()
    reader.close()
    assert time.monotonic() - begin < 3
    assert source.incomplete is None


def test_what_is_not_live_is_opened_once(tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(2))
    assert isinstance(open_lasting(str(folder)), FolderSource)
    stream = write_video(tmp_path / 'yard.ts', moving_boxes(4))
    with tcp_stream(stream) as (address, connections):
        source = open_lasting(address, give_up=0)
        assert isinstance(source, VideoSource)
        source.close()
        source = open_lasting(address, give_up=5.0)
        assert isinstance(source, ReconnectingSource)
        assert len(connections) == 2
        source.close()
