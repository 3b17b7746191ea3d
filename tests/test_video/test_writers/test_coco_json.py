"""COCO JSON."""

import json

import pytest
from pycocotools.coco import COCO

from result_samples import result_of, results
from vsd_mot.video.writers import CocoJsonWriter


def test_coco_json_is_read_by_pycocotools(tmp_path):
    writer = CocoJsonWriter(
        tmp_path / 'a.json',
        video='walk',
        fps=10.0,
        categories=('box',),
        info=dict(source='walk.mp4'),
    )
    for result in results():
        writer.write(result, None)
    writer.write(result_of(12, None, quality=False, fault='frame 13: broken'), None)
    writer.complete = True
    writer.close()
    coco = COCO(tmp_path / 'a.json')
    assert len(coco.imgs) == 13
    assert len(coco.anns) == 24
    assert coco.cats[1]['name'] == 'box'
    (first, second) = coco.loadAnns(coco.getAnnIds(imgIds=3))
    assert first['bbox'] == [12.25, 16.25, 24.0, 24.0]
    assert (first['track_id'], second['instance_id'], first['score']) == (15, 25, 0.75)
    assert first['area'] == pytest.approx(576)
    image = coco.imgs[3]
    assert (image['frame_id'], image['quality'], image['semantic_weight']) == (2, 0.1, 0.9)
    assert coco.imgs[13]['fault'] == 'frame 13: broken'
    assert coco.imgs[13]['quality'] is None
    data = json.loads((tmp_path / 'a.json').read_text())
    assert data['videos'] == [dict(id=1, name='walk', width=128, height=96, fps=10.0)]
    assert data['info']['complete'] is True
    assert (data['info']['frames'], data['info']['source']) == (13, 'walk.mp4')


def test_json_without_any_track_or_frame(tmp_path):
    CocoJsonWriter(tmp_path / 'a.json', video='walk', fps=10.0).close()
    data = json.loads((tmp_path / 'a.json').read_text())
    assert data['annotations'] == data['images'] == []
    assert data['info']['complete'] is False


def test_first_frames_that_cannot_be_read_have_the_size_of_the_others(tmp_path):
    writer = CocoJsonWriter(tmp_path / 'a.json', video='walk', fps=10.0)
    writer.write(result_of(0, None, fault='frame 1: broken'), None)
    for result in results(3)[1:]:
        writer.write(result, None)
    images = json.loads(writer.close().read_text())['images']
    assert [(one['frame_id'], one['mot_frame_id']) for one in images] == [(0, 1), (1, 2), (2, 3)]
    assert {(one['width'], one['height']) for one in images} == {(128, 96)}
