"""One way to open any source, and the thread that reads ahead."""

import itertools
import threading
import time

import numpy as np
import pytest

from vsd_mot.apis import open_source
from vsd_mot.errors import SourceError
from vsd_mot.video.reader import FrameReader, open_together
from vsd_mot.video.sources import ArraySource, Frame, FrameSource


def test_what_does_not_exist():
    with pytest.raises(SourceError, match=r'nowhere\.mp4 does not exist: give a video file'):
        open_source('nowhere.mp4')


class Endless(FrameSource):
    """A camera of 200 frames per second."""

    live = True

    def __iter__(self):
        for index in itertools.count():
            time.sleep(0.005)
            yield Frame(index, np.zeros((4, 4, 3), np.uint8))


def test_live_reader_gives_the_newest_frame_and_counts_the_dropped():
    reader = FrameReader(Endless())
    seen = []
    for frame in reader:
        seen.append(frame.index)
        time.sleep(0.1)
        if len(seen) == 4:
            break
    reader.close()
    gaps = np.diff(seen)
    assert (gaps > 4).all()
    # At most one frame was put back unread when the reader was closed.
    assert 0 <= reader.dropped - (gaps - 1).sum() <= 60


def test_reader_hands_over_errors_and_ends_when_closed(frames):
    def broken():
        yield frames[0]
        raise OSError('the cable was pulled')

    reader = FrameReader(ArraySource(broken()))
    with pytest.raises(OSError, match='cable'):
        list(reader)
    reader = FrameReader(ArraySource(frames * 100), depth=2)
    next(iter(reader))
    reader.close()
    assert not reader._thread.is_alive()


def test_supplied_rate_replaces_the_times_of_a_video(video, frames):
    for source in (video, frames):
        reader = FrameReader(open_source(source, fps=5))
        assert [frame.time for frame in reader] == pytest.approx([n / 5 for n in range(12)])
    with pytest.raises(SourceError, match='not 0'):
        open_source(video, fps=0)
    with pytest.raises(SourceError, match='is live'):
        Endless().supply_rate(5)


def test_sources_are_opened_at_the_same_time_and_each_failure_is_its_own(frames):
    both_are_being_opened = threading.Barrier(2, timeout=10)

    def slow(source):
        both_are_being_opened.wait()  # passes only while another one is being opened
        return open_source(source)

    opened, failed = open_together({'door': frames, 'yard': 'there-is-none.mp4'}, slow)
    assert list(opened) == ['door']
    assert len(list(opened['door'])) == len(frames)
    assert list(failed) == ['yard']
    assert 'there-is-none.mp4' in str(failed['yard'])
    assert open_together({}) == ({}, {})
