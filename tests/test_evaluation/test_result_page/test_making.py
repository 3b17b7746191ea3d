"""The page, from a video and files."""

import json
import re

import numpy as np
import pytest

from page_samples import FRAMES, grey_source, mot_rows
from vsd_mot.errors import SourceError
from vsd_mot.evaluation import EvaluationError
from vsd_mot.evaluation.result_page import make_page
from vsd_mot.evaluation.result_page.making import read_clip


@pytest.fixture
def files(tmp_path):
    (tmp_path / 'gt').mkdir()
    (tmp_path / 'gt/gt.txt').write_text(mot_rows((1, 0, range(1, FRAMES + 1))))
    (tmp_path / 'a.txt').write_text(mot_rows((7, 0, range(1, 12)), (8, 0, range(12, FRAMES + 1))))
    return tmp_path


def data_of(page: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page)[1])


def test_scores_and_switches_are_those_of_trackeval(files) -> None:
    data = data_of(make_page(grey_source(), {'a': files / 'a.txt'}, ground_truth=files))
    truth, tracker = data['sets']
    assert truth['truth']
    assert truth['identities'] == ['1']
    assert tracker['metrics']['DetA'] == pytest.approx(1)
    assert tracker['metrics']['MOTA'] == pytest.approx(1 - 1 / FRAMES)
    (switch,) = [one for one in tracker['events'] if one['kind'] == 'switch']
    assert (switch['frame'] + 1, switch['identity']) == (12, '1')


def test_damage_is_found_in_the_video(files) -> None:
    data = data_of(make_page(grey_source(), {'a': files / 'a.txt'}))
    assert [one['text'] for one in data['damage']] == ['blank']
    assert len(data['sets']) == 1


def test_fewer_frames(files) -> None:
    clip = read_clip(grey_source(), max_frames=5)
    assert np.allclose(clip.times, np.arange(5) / 10)
    with pytest.raises(EvaluationError, match='--max-frames cut the video short'):
        make_page(grey_source(), {'a': files / 'a.txt'}, max_frames=5)


def test_what_cannot_be(files) -> None:
    with pytest.raises(EvaluationError, match='there is no file'):
        make_page(grey_source(), {'a': files / 'b.txt'})
    with pytest.raises(EvaluationError, match=r'with gt/gt\.txt'):
        make_page(grey_source(), {'a': files / 'a.txt'}, ground_truth=files / 'gt')
    live = grey_source()
    live.live = True
    with pytest.raises(SourceError, match='vsd-mot track --page'):
        make_page(live, {'a': files / 'a.txt'})
