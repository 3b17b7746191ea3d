from vsd_mot.video.lost_frames import LostFrames


def test_a_late_failure_is_put_where_the_frame_is_lacking():
    lost = LostFrames()
    for stamp in (0, 20, 10, 30, 40):
        lost.sent(stamp)
    assert lost.before(0) == []
    lost.failed('broken')
    assert lost.before(10) == []
    assert lost.before(30) == ['broken']
    assert lost.rest() == []


def test_packets_that_give_no_picture_are_no_failures():
    lost = LostFrames()
    for stamp in (0, 1, 2):
        lost.sent(stamp)
    assert lost.before(2) == lost.rest() == []


def test_failures_without_a_place_come_at_the_end():
    lost = LostFrames()
    lost.sent(None)
    lost.failed('broken')
    assert lost.before(5) == []
    assert lost.rest() == ['broken']
