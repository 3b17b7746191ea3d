"""Scores of files of CVAT and COCO: those of the same tracks in MOTChallenge's."""

import json

import pytest

from class_tracks import FACTS, frame_result, written
from mot_samples import sequence, write
from vsd_mot.datasets.tracks import convert_tracks
from vsd_mot.errors import DataFileError
from vsd_mot.evaluation import evaluate_mot_files
from vsd_mot.video.writers.cvat_xml import CvatXmlWriter

SIZE = (640, 480)
# Files have hundredths of a pixel.
CLOSE = dict(rel=1e-3)


@pytest.fixture
def files(tmp_path):
    """Ground truth and results, which miss every fourth box, in three formats."""
    rows = sequence(tmp_path / 'gt')
    kept = [row for place, row in enumerate(rows) if place % 4]
    write(tmp_path / 'results' / 'walk.txt', kept, '1,-1,-1,-1')
    for to, ending in (('cvat', 'xml'), ('coco', 'json')):
        convert_tracks(tmp_path / 'gt' / 'walk', tmp_path / f'walk.{ending}', to=to, size=SIZE)
        results = tmp_path / 'results' / 'walk.txt'
        convert_tracks(results, tmp_path / f'results.{ending}', to=to, size=SIZE)
    return tmp_path


@pytest.mark.parametrize('ending', ['xml', 'json'])
def test_the_same_scores(files, ending):
    expected = evaluate_mot_files(files / 'gt', files / 'results')
    assert 0 < expected.combined['HOTA'] < 1
    truth, results = files / f'walk.{ending}', files / f'results.{ending}'
    scores = evaluate_mot_files(truth, results)
    assert scores.combined == pytest.approx(expected.combined, **CLOSE)
    assert evaluate_mot_files(files / 'gt', results).combined == pytest.approx(
        expected.combined, **CLOSE
    )
    texts = evaluate_mot_files(truth, files / 'results')
    assert texts.combined == pytest.approx(expected.combined, **CLOSE)


def test_classes_that_are_no_people_all_count_and_it_is_said(tmp_path):
    frames = [frame_result(0, [(1, 0, (0, 0, 9, 9))], classes=('zebra',))]
    path = written(CvatXmlWriter(tmp_path / 'a.xml', FACTS), frames)
    scores = evaluate_mot_files(path, path)
    assert scores.combined['HOTA'] == pytest.approx(1)
    assert 'none of the classes zebra is person' in scores.note


@pytest.mark.parametrize(
    ('names', 'message'),
    [
        (['../up'], 'the name of the video .* would be a path'),
        (['door', 'door'], 'two videos have one name'),
    ],
)
def test_names_of_videos_become_folders_only_if_they_can(tmp_path, names, message):
    videos = [dict(id=k, name=name) for k, name in enumerate(names, 1)]
    images = [
        dict(id=k, video_id=k, frame_id=0, file_name='a.jpg', width=9, height=9)
        for k, _ in enumerate(names, 1)
    ]
    content = dict(videos=videos, images=images, annotations=[], categories=[])
    (tmp_path / 'a.json').write_text(json.dumps(content))
    with pytest.raises(DataFileError, match=message):
        evaluate_mot_files(tmp_path / 'a.json', tmp_path / 'a.json')
