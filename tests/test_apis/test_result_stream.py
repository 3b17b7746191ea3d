"""What all streams of results share: their end, and what they count."""

import numpy as np
import pytest

from vsd_mot.apis.masks import untracked
from vsd_mot.apis.result_stream import MAX_FAULTS, ResultStream
from vsd_mot.errors import SourceError
from vsd_mot.video.sources import Frame, FrameSource

PICTURE = np.zeros((8, 8, 3), np.uint8)


class Scripted(FrameSource):
    """Frames as a text says: 'o' is one with a picture, 'x' one that cannot be read.

    Args:
        script: The frames.
        incomplete: Known at the end.
    """

    def __init__(self, script, incomplete=None):
        self.script, self.length = script, len(script)
        self.incomplete_at_end = incomplete
        self.closed = 0

    def __iter__(self):
        for index, kind in enumerate(self.script):
            fault = f'frame {index + 1} is torn' if kind == 'x' else None
            yield Frame(index, PICTURE if kind == 'o' else None, fault=fault)
        self.incomplete = self.incomplete_at_end

    def close(self):
        self.closed += 1


class Untracked(ResultStream):
    """Results without tracks."""

    def _run(self):
        for frame in self._read(2):
            self._note(frame)
            yield untracked(frame)
        self._judge_end()


def test_faults_are_counted_and_the_source_is_closed():
    stream = Untracked(Scripted('oxo'))
    assert len(stream) == 3
    assert [result.image is None for result in stream] == [False, True, False]
    assert stream.faults == ['frame 2 is torn']
    assert stream.fault_count == 1
    assert stream.dropped == 0
    assert stream.source.closed == 1


def test_reasons_of_faults_take_no_memory_without_end():
    stream = Untracked(Scripted('o' + 'x' * (MAX_FAULTS + 5)))
    assert sum(1 for _ in stream) == MAX_FAULTS + 6
    assert len(stream.faults) == MAX_FAULTS
    assert stream.fault_count == MAX_FAULTS + 5


@pytest.mark.parametrize(
    ('script', 'incomplete', 'message'),
    [('oxo', None, 'frame 2 is torn'), ('oo', 'it is cut off', 'it is cut off')],
)
def test_strict_raises_and_closes(script, incomplete, message):
    stream = Untracked(Scripted(script, incomplete), strict=True)
    with pytest.raises(SourceError, match=message):
        list(stream)
    assert stream.source.closed == 1
    assert len(list(Untracked(Scripted(script, incomplete)))) == len(script)


def test_a_source_without_one_picture_is_an_error():
    with pytest.raises(SourceError, match='not one frame of video could be read: frame 1 is torn'):
        list(Untracked(Scripted('xx')))


@pytest.mark.parametrize('begun', [False, True])
def test_closing_early_closes_the_source(begun):
    stream = Untracked(Scripted('o' * 50))
    if begun:
        next(stream)
    stream.close()
    assert stream.source.closed >= 1
    assert list(stream) == []


def test_a_length_that_is_not_known_is_no_number():
    source = Scripted('oo')
    source.length = None
    with pytest.raises(TypeError, match='not known'):
        len(Untracked(source))
