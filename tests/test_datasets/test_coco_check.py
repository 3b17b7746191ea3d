import codecs
import copy
import json
import math

import pytest

from vsd_mot.datasets.coco_check import (
    check_coco_datasets,
    read_coco,
    require_readable_by_host,
)
from vsd_mot.errors import DataFileError

GOOD = dict(
    categories=[dict(id=1, name='pedestrian')],
    videos=[dict(id=1, name='a', fps=10.0)],
    images=[
        dict(id=1, file_name='a/1.jpg', width=96, height=64, video_id=1, frame_id=0),
        dict(id=2, file_name='a/2.jpg', width=96, height=64, video_id=1, frame_id=1),
    ],
    annotations=[
        dict(id=1, image_id=1, category_id=1, bbox=[0, 0, 10, 20.5], instance_id=7),
        dict(id=2, image_id=2, category_id=1, bbox=[-3, 0, 10, 20], visibility=0.5),
    ],
)


def write(path, place, value):
    content = copy.deepcopy(GOOD)
    *parts, last = place
    target = content
    for part in parts:
        target = target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    path.write_text(json.dumps(content))
    return path


def test_a_good_file(tmp_path):
    assert read_coco(write(tmp_path / 'a.json', ['info'], {})) == dict(GOOD, info={})


@pytest.mark.parametrize(
    ('place', 'value', 'message'),
    [
        (['images'], 7, 'images must be a list of objects'),
        (['annotations', 0], 'x', 'annotations must be a list of objects'),
        (['categories'], None, "with 'categories'"),
        (['images', 1, 'id'], 1, r'entry 1 of images \(id 1\): the id is there twice'),
        (['images', 1, 'id'], '2', 'the id must be a whole number'),
        (['images', 0, 'file_name'], 5, 'file_name must be a path'),
        (['images', 0, 'width'], 0, '0 x 64 is no image size'),
        (['images', 0, 'height'], 1e9, r'1000000000\.0 is no image size'),
        (['images', 0, 'width'], 10**12, 'is no image size'),
        (['images', 0, 'frame_id'], -1, 'frame_id is -1'),
        (['images', 0, 'frame_id'], 1.5, r'frame_id is 1\.5'),
        (['images', 1, 'frame_id'], 0, 'frame 0 of video 1 is there twice'),
        (['images', 1, 'video_id'], 9, 'there is no video 9'),
        (['videos', 0, 'fps'], math.inf, 'fps inf must be a positive number'),
        (['videos', 0, 'fps'], -5, 'fps -5 must be a positive number'),
        (['annotations', 0, 'image_id'], 5, 'image_id 5 is not in this file'),
        (['annotations', 0, 'category_id'], 5, 'category_id 5 is not in this file'),
        (['annotations', 0, 'category_id'], True, 'category_id True is not in this file'),
        (['annotations', 0, 'bbox'], [0, 0, math.nan, 1], 'must be four finite numbers'),
        (['annotations', 0, 'bbox'], [0, 0, math.inf, 1], 'must be four finite numbers'),
        (['annotations', 0, 'bbox'], [0, 0, 1], 'must be four finite numbers'),
        (['annotations', 0, 'bbox'], ['0', 0, 1, 1], 'must be four finite numbers'),
        (['annotations', 0, 'bbox'], [0, 0, 1e30, 1], 'reaches beyond any picture'),
        (['annotations', 1, 'bbox'], [0, 0, -4, 1], r'entry 1 .*has a negative size'),
        (['annotations', 0, 'instance_id'], 2.7, r'instance_id 2\.7 must be a whole number'),
        (['annotations', 1, 'visibility'], math.nan, 'visibility nan must be a finite number'),
    ],
)
def test_entries_that_cannot_be_right(tmp_path, place, value, message):
    path = write(tmp_path / 'a.json', place, value)
    with pytest.raises(DataFileError, match=message) as error:
        read_coco(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ('place', 'value', 'message'),
    [
        (['videos'], [], 'has no videos: is it an annotation file of single images'),
        (['annotations', 1, 'instance_id'], 2**63, 'entry 1 .*has more than 63 bits'),
        (['annotations', 1, 'instance_id'], -(2**70), 'entry 1 .*has more than 63 bits'),
    ],
)
def test_what_mmtracking_cannot_read_is_refused_for_it_alone(tmp_path, place, value, message):
    path = write(tmp_path / 'a.json', place, value)
    content = read_coco(path)
    with pytest.raises(DataFileError, match=message):
        require_readable_by_host(path, content, videos=True)


def test_a_byte_order_mark_is_for_our_readers_alone(tmp_path):
    path = write(tmp_path / 'a.json', ['videos', 0, 'name'], 'S')
    require_readable_by_host(path, read_coco(path), videos=True)
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    with pytest.raises(DataFileError, match='begins with a byte order mark'):
        require_readable_by_host(path, read_coco(path), videos=False)


def test_data_sets_of_mmdetection_are_found_in_a_config(tmp_path):
    write(tmp_path / 'a.json', ['annotations', 0, 'bbox'], [0, 0, math.nan, 1])
    inner = dict(type='CocoDataset', data_root=str(tmp_path), ann_file='a.json')
    with pytest.raises(DataFileError, match='four finite numbers'):
        check_coco_datasets(dict(dataset=dict(type='ConcatDataset', datasets=[inner])))
    check_coco_datasets(dict(dataset=dict(inner, ann_file='missing.json')))
