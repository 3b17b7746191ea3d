"""A diagnosis as text and as data."""

import json
from dataclasses import replace

import numpy as np
import pytest

from good_video import source_of
from vsd_mot.evaluation.video_diagnosis.container import Container
from vsd_mot.evaluation.video_diagnosis.findings import Finding
from vsd_mot.evaluation.video_diagnosis.measuring import measure_video
from vsd_mot.evaluation.video_diagnosis.report import (
    PRINTED,
    as_dict,
    as_text,
    loss_in_words,
    overview,
)

FOG = Finding('low contrast', 3.0, 'grey', 'clean the lens', 'low_contrast', 'bodycam')


@pytest.fixture(scope='module')
def facts(good_frames):
    return measure_video(source_of(good_frames), pictures=3)


def test_overview(facts):
    facts = replace(facts, container=Container('h264', 2e6, 0.1, 30.0), heights=np.full(3, 81.0))
    rows = overview(facts)
    assert rows['size'] == '512 x 400'
    assert rows['frames per second'] == '30.00 (the file says 30.00)'
    assert rows['codec'].startswith('h264, 2.00 Mbit/s')
    assert rows['damage'] == 'none'
    assert rows['light'] == 'day'
    assert rows['people'] == '81 pixels high'


def test_data_and_text(facts):
    report = as_dict(facts, [FOG], {'low_contrast': np.array([0.5, 0.6])})
    assert report == json.loads(json.dumps(report)), 'it is plain data'
    assert report['faults'][0]['expected_hota_loss'] == [0.5, 0.6]
    assert [frame['frame'] for frame in report['frames']] == [1, 16, 31]
    assert set(PRINTED) <= report['frames'][0].keys()
    text = as_text(report)
    assert '1. low contrast: grey' in text
    assert '50 to 60 % less HOTA' in text
    assert 'profile: bodycam' in text
    assert as_text(as_dict(facts, [])).endswith('no fault was found')


def test_what_was_not_measured_is_not_promised():
    assert loss_in_words(None) == 'HOTA was not measured for this'
