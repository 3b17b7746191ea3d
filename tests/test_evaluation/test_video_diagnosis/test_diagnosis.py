"""Known faults are named first, and the report says so."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from vsd_mot.commands import check_diagnosis
from vsd_mot.commands.diagnose import main
from vsd_mot.evaluation.video_diagnosis import find_faults, measure_video
from vsd_mot.evaluation.video_diagnosis.expectation import expected_loss
from vsd_mot.evaluation.video_diagnosis.known_faults import FAULTS, ReadFrames
from vsd_mot.evaluation.video_diagnosis.measuring import longest_run
from vsd_mot.video.sources import Frame

FPS = 30.0


@pytest.fixture(scope='module')
def frames():
    """A good video: a photograph in which somebody walks."""
    photograph = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[:400]
    rng = np.random.default_rng(0)
    made = []
    for number in range(45):
        image = photograph.copy()
        image[150:300, 20 + 5 * number : 70 + 5 * number] = (60, 140, 40)
        noise = rng.normal(0, 1.0, image.shape)
        image = (image + noise).clip(0, 255).astype(np.uint8)
        made.append(Frame(number, image, time=number / FPS))
    return made


def faults_of(frames) -> list[str]:
    facts = measure_video(ReadFrames(frames, FPS, 'video'), pictures=3)
    return [finding.fault for finding in find_faults(facts)]


def test_a_good_video_has_no_blame(frames):
    assert faults_of(frames) == []


@pytest.mark.parametrize('fault', list(FAULTS))
def test_the_one_fault_comes_first(frames, fault):
    spoiled = FAULTS[fault](list(frames), np.random.default_rng(0))
    assert faults_of(spoiled)[:1] == [fault]


def test_a_video_without_any_picture():
    assert faults_of([Frame(0, None, fault='broken')]) == ['unreadable']


def test_small_people_are_told_where_a_detector_looks(frames):
    facts = measure_video(
        ReadFrames(frames, FPS, 'video'),
        pictures=3,
        detect=lambda picture: np.array([[10, 10, 20, 30.0]] * 4),
    )
    assert facts.heights.tolist() == [20.0] * len(facts.heights)
    assert find_faults(facts)[0].fault == 'small people'


def test_expected_losses():
    low, high = expected_loss('fog', 3.0)
    assert 0.55 < low < high < 0.7
    assert expected_loss('fog', 1.5) == pytest.approx((low / 2, high / 2))
    assert expected_loss(None, 3.0) is None
    assert expected_loss('jpeg', 9.0, {'jpeg': np.array([0.1, 0.3])}) == (0.1, 0.3)


def test_longest_run():
    assert longest_run(np.zeros(0, bool)) == 0
    assert longest_run(np.array([True, False, True, True])) == 2


def test_command_writes_text_json_and_one_page(frames, tmp_path, capsys):
    folder = tmp_path / 'street'
    folder.mkdir()
    for frame in frames[:12]:
        dark = cv2.convertScaleAbs(frame.image, alpha=0.25)
        cv2.imwrite(str(folder / f'{frame.number:06d}.png'), dark)
    assert main([str(folder), '--out', str(tmp_path / 'out'), '--pictures', '3']) == 0
    assert '1. darkness' in capsys.readouterr().out
    report = json.loads((tmp_path / 'out/street.json').read_text())
    assert report['faults'][0]['fault'] == 'darkness'
    assert len(report['faults'][0]['expected_hota_loss']) == 2
    page = (tmp_path / 'out/street.html').read_text()
    assert page.count('<img') >= 3
    assert 'src="http' not in page, 'it needs no other file'
    assert Counter(path.suffix for path in Path(tmp_path / 'out').iterdir()) == {
        '.txt': 1, '.json': 1, '.html': 1,
    }  # fmt: skip
    assert main([str(tmp_path / 'nowhere')]) == 1


def test_the_check_of_the_diagnosis_counts_what_is_named_first(frames, tmp_path, capsys):
    for frame in frames[:24]:
        cv2.imwrite(str(tmp_path / f'{frame.number:06d}.png'), frame.image)
    natural = [fault for fault in FAULTS if fault not in ('darkness', 'frozen frames')]
    assert check_diagnosis.main([str(tmp_path), '--frames', '24', '--natural', *natural]) == 0
    printed = capsys.readouterr().out
    assert f'right  {tmp_path.name}  darkness: darkness' in printed
    assert '2 of 2 faults are named first, 1 of 1 clean videos have no blame' in printed
