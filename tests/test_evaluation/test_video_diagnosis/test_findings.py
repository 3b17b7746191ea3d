"""Faults of a video, from its measurements."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from good_video import source_of
from vsd_mot.evaluation.video_diagnosis.container import Container
from vsd_mot.evaluation.video_diagnosis.findings import (
    compression,
    cuts,
    find_faults,
    jitter,
    lost_frames,
    small_people,
)
from vsd_mot.evaluation.video_diagnosis.measuring import measure_video
from vsd_mot.video.sources import Frame


@pytest.fixture(scope='module')
def facts(good_frames):
    return measure_video(source_of(good_frames), pictures=3)


def test_a_good_video_has_no_blame(facts):
    assert find_faults(facts) == []


def test_a_video_without_any_picture():
    facts = measure_video(source_of([Frame(0, None, fault='broken')]))
    assert [finding.fault for finding in find_faults(facts)] == ['unreadable']


def test_the_worst_comes_first(facts):
    faulty = replace(
        facts,
        damage=Counter(cut=3),
        heights=np.full(6, 39.0),
        times=facts.times[np.arange(len(facts.times)) % 15 < 11],
        frozen=facts.frozen[np.arange(len(facts.times)) % 15 < 11],
    )
    findings = find_faults(faulty)
    assert {'cuts', 'lost frames', 'small people'} == {finding.fault for finding in findings}
    strengths = [finding.strength for finding in findings]
    assert strengths == sorted(strengths, reverse=True)
    assert findings[-1].fault == 'small people'


def test_gaps_are_counted_and_not_taken_for_jitter(facts):
    times = np.delete(facts.times, slice(10, 14))
    gap = replace(facts, times=times, frozen=np.zeros(len(times), bool))
    assert jitter(gap) is None
    assert lost_frames(gap).detail.startswith('4 frames are missing (9 %)')
    assert '0.2 s' in lost_frames(gap).detail


def test_people_are_small_only_where_a_detector_saw_some(facts):
    assert small_people(facts) is None
    assert small_people(replace(facts, heights=np.full(4, 5.0))) is None, 'too few to say'
    assert small_people(replace(facts, heights=np.full(5, 20.0))).strength == pytest.approx(2)
    assert small_people(replace(facts, heights=np.full(5, 40.0))) is None


def test_few_bits_alone_are_no_fault(facts):
    starved = replace(facts, container=Container('h264', 1e5, 0.004, 50.0))
    assert compression(starved) is None, 'a still scene needs few'
    assert cuts(replace(facts, damage=Counter(resized=1))).strength == 2
