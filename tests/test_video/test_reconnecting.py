"""Streams that break off."""

import time

import numpy as np
import pytest

from vsd_mot.errors import SourceError
from vsd_mot.video.reconnecting import ReconnectingSource
from vsd_mot.video.sources import Frame, FrameSource


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
