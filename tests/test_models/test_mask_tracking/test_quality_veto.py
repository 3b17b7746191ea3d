"""Which frames the veto keeps out of the memory."""

import pytest

from vsd_mot.models.mask_tracking import QualityVeto


def test_frames_much_worse_than_usual_are_refused():
    veto = QualityVeto(floor=0.0, relative=0.9)
    assert veto(0.6).long
    assert not veto(0.4).long
    assert veto(0.4).short
    assert veto(0.6).long


def test_it_gives_in_after_a_while():
    veto = QualityVeto(floor=0.5, relative=0.0, short=True, patience=2)
    verdicts = [veto(0.1) for _ in range(4)]
    assert [one.long for one in verdicts] == [False, False, True, False]
    assert not verdicts[0].short


def test_a_new_video_has_its_own_usual():
    veto = QualityVeto(floor=0.0)
    veto(0.9)
    assert not veto(0.3).long
    veto.reset()
    assert veto(0.3).long


def test_settings_without_meaning_are_refused():
    with pytest.raises(ValueError, match=r'shares in 0\.\.1'):
        QualityVeto(floor=2)
