"""Each known fault is named first."""

import numpy as np
import pytest

from good_video import FPS, source_of
from vsd_mot.evaluation.video_diagnosis import find_faults, measure_video
from vsd_mot.evaluation.video_diagnosis.known_faults import FAULTS, Checked, check_diagnosis


@pytest.mark.parametrize('fault', list(FAULTS))
def test_the_one_fault_comes_first(good_frames, fault):
    spoiled = FAULTS[fault](list(good_frames), np.random.default_rng(0))
    findings = find_faults(measure_video(source_of(spoiled), pictures=3))
    assert [finding.fault for finding in findings][:1] == [fault]


def test_good_frames_are_not_changed(good_frames):
    before = good_frames[22].image.copy()
    FAULTS['blank frames'](list(good_frames), np.random.default_rng(0))
    np.testing.assert_array_equal(good_frames[22].image, before)


def test_what_counts_as_right():
    assert Checked('street', 'noise', ('noise', 'blur')).right
    assert not Checked('street', 'noise', ('blur', 'noise')).right
    assert Checked('street', '', ()).right
    assert not Checked('street', '', ('blur',)).right


def test_faults_that_a_video_has_by_itself_are_left_out(good_frames):
    natural = [fault for fault in FAULTS if fault != 'darkness']
    checked = list(check_diagnosis(good_frames[:24], FPS, 'street', natural=natural))
    assert [(one.fault, one.right) for one in checked] == [('', True), ('darkness', True)]
