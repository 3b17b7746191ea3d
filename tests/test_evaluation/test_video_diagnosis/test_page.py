"""The page of a diagnosis."""

from dataclasses import replace

import pytest

from good_video import source_of
from vsd_mot.evaluation.video_diagnosis.findings import Finding
from vsd_mot.evaluation.video_diagnosis.measuring import measure_video
from vsd_mot.evaluation.video_diagnosis.page import WORST, as_page
from vsd_mot.evaluation.video_diagnosis.report import as_dict


@pytest.fixture(scope='module')
def facts(good_frames):
    return measure_video(source_of(good_frames), pictures=5)


def test_it_needs_no_other_file(facts):
    page = as_page(as_dict(facts, []), facts)
    assert page.count('<img') == 1 + WORST
    assert page.count('src="data:image/') == page.count('<img')
    assert 'http' not in page
    assert 'No fault was found' in page


def test_texts_are_escaped(facts):
    facts = replace(facts, name='<script>alert(1)</script>')
    finding = Finding('<b>noise</b>', 1.0, 'a & b', 'none', None, '<i>')
    page = as_page(as_dict(facts, [finding]), facts)
    assert '<script>' not in page
    assert '<b>noise' not in page
    assert 'a &amp; b' in page
    assert '<code>&lt;i&gt;</code>' in page


def test_the_pictures_are_those_of_lowest_quality(facts):
    worst = min(facts.pictures, key=lambda one: one.quality)
    page = as_page(as_dict(facts, []), facts)
    assert page.index(f'frame {worst.number},') > page.index('lowest quality')
