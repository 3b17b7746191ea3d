"""Tracks for Label Studio."""

import json

import pytest

from class_tracks import FACTS, frame_result, street, written
from vsd_mot.errors import OutputError
from vsd_mot.video.writers.label_studio import LabelStudioWriter


def read(path):
    (task,) = json.loads(path.read_text())
    return task, task['predictions'][0]['result']


def test_a_task_with_predictions(tmp_path):
    task, regions = read(written(LabelStudioWriter(tmp_path / 'a.json', FACTS)))
    assert task['data'] == {'video': 'street'}
    assert [one['value']['labels'] for one in regions] == [['person'], ['car']]
    person = regions[0]
    assert (person['type'], person['to_name']) == ('videorectangle', 'video')
    assert person['value']['framesCount'] == 6
    assert person['value']['duration'] == pytest.approx(0.6)
    keys = person['value']['sequence']
    assert [(key['frame'], key['enabled']) for key in keys] == [(1, True), (2, False), (5, False)]
    assert [keys[0][name] for name in ('x', 'y', 'width', 'height')] == [10, 25, 20, 50]


def test_boxes_are_clipped_and_those_outside_said(tmp_path):
    tracks = [(1, 0, (-10, -10, 50, 40)), (2, 0, (200, 0, 300, 40))]
    writer = LabelStudioWriter(tmp_path / 'a.json', FACTS)
    _, regions = read(written(writer, [frame_result(0, tracks)]))
    (key,) = regions[0]['value']['sequence']
    assert [key[name] for name in ('x', 'y', 'width', 'height')] == [0, 0, 50, 50]
    assert len(regions) == 1
    assert '1 boxes outside of the picture' in writer.remark


def test_without_a_size_there_is_no_file(tmp_path):
    writer = LabelStudioWriter(tmp_path / 'a.json', FACTS)
    for result in street(size=None):
        writer.write(result, None)
    with pytest.raises(OutputError, match='frames come without a picture and size'):
        writer.close()
    assert not list(tmp_path.iterdir())
