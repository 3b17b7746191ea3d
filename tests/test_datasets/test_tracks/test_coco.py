"""COCO-style JSON as tracks: ours, CocoVID's, CVAT's."""

import json

import pytest

from class_tracks import CLASSES, FACTS, flat, frame_result, street, written
from vsd_mot.datasets.tracks import read_tracks, read_video_tracks
from vsd_mot.errors import DataFileError
from vsd_mot.video.writers.coco_json import CocoJsonWriter


def content(**changed):
    value = dict(
        images=[dict(id=1, file_name='a/000003.jpg', width=64, height=48)],
        annotations=[dict(id=1, image_id=1, category_id=4, bbox=[1, 2, 3, 4], track_id=5)],
        categories=[dict(id=4, name='dog')],
    )
    return {**value, **changed}


def read(folder, **changed):
    (folder / 'a.json').write_text(json.dumps(content(**changed)))
    return read_video_tracks(folder / 'a.json')


def test_our_results_go_there_and_back(tmp_path):
    writer = CocoJsonWriter(tmp_path / 'a.json', video='street', fps=FACTS.fps)
    results = street()
    results[5].semantics = dict(quality=0.5)
    results[3].number, results[3].damage, results[3].fault = 44, 'unreadable', 'broken'
    table = read_video_tracks(written(writer, results))
    assert (table.name, table.classes, table.fps, table.size) == ('street', CLASSES, 10, (100, 80))
    back = list(table.results())
    assert flat(back) == flat(results)
    assert [result.time for result in back] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert (back[3].number, back[3].damage, back[3].fault) == (44, 'unreadable', 'broken')
    assert back[5].quality == 0.5
    assert table.scores.tolist() == pytest.approx([0.75] * 6)


def test_labels_beyond_the_names_have_categories(tmp_path):
    writer = CocoJsonWriter(tmp_path / 'a.json', video='street', fps=10.0)
    written(writer, [frame_result(0, [(1, 3, (0, 0, 9, 9))])])
    assert read_video_tracks(tmp_path / 'a.json').classes == (*CLASSES, 'class_2', 'class_3')


def test_images_alone_are_one_video_in_the_order_of_their_names(tmp_path):
    images = [
        dict(id=place, file_name=f'frame_{number:06d}.PNG', width=64, height=48)
        for place, number in enumerate((2, 0, 1), 1)
    ]
    annotations = [
        dict(id=place, image_id=place, category_id=4, bbox=[1, 2, 3, 4],
             attributes=dict(track_id=7))
        for place in (1, 2)
    ]  # fmt: skip
    table = read(tmp_path, images=images, annotations=annotations)
    assert [(frame.index, frame.number) for frame in table.frames] == [(0, 1), (1, 2), (2, 3)]
    assert [(result.number, result.ids.tolist()) for result in table.results()] == [
        (1, [7]), (2, []), (3, [7]),
    ]  # fmt: skip


def test_videos_are_told_apart(tmp_path):
    images = [
        dict(id=k, video_id=k, frame_id=0, file_name='a.jpg', width=64, height=48) for k in (1, 2)
    ]
    videos = [dict(id=1, name='door', fps=5), dict(id=2, name='yard')]
    (tmp_path / 'a.json').write_text(json.dumps(content(images=images, videos=videos)))
    door, yard = read_tracks(tmp_path / 'a.json')
    assert (door.name, len(door), door.fps) == ('door', 1, 5)
    assert (yard.name, len(yard), yard.fps) == ('yard', 0, None)
    assert read_video_tracks(tmp_path / 'a.json', video='yard').name == 'yard'
    with pytest.raises(DataFileError, match=r'has 2 videos \(door, yard\), and which one'):
        read_video_tracks(tmp_path / 'a.json')
    with pytest.raises(DataFileError, match='0 are called roof'):
        read_video_tracks(tmp_path / 'a.json', video='roof')


def test_detections_and_marks(tmp_path):
    plain = dict(id=1, image_id=1, category_id=4, bbox=[1, 2, 3, 4])
    assert read(tmp_path, annotations=[plain]).ids is None
    marked = dict(plain, instance_id=1, mot_instance_id=9, mot_conf=0, visibility=0.25, score=0.5)
    table = read(tmp_path, annotations=[marked, dict(plain, id=2, track_id=2, iscrowd=1)])
    assert table.ids.tolist() == [9, 2]
    assert table.ignored.tolist() == [True, True]
    assert table.visibility.tolist() == [0.25, 1]
    assert table.scores.tolist() == [0.5, 1]


@pytest.mark.parametrize(
    ('entries', 'message'),
    [
        ([dict(track_id='x')], "identity 'x' must be a whole number"),
        ([dict(track_id=True)], 'identity True must be a whole number'),
        ([dict(track_id=10**30)], 'must be a whole number'),
        (
            [dict(track_id=1), dict(track_id=1)],
            r'entry 1 of .* track 1 is in frame 3 a second time',
        ),
        ([dict(track_id=1), {}], 'annotation 2 has no identity, and others have one'),
        ([dict(track_id=1, score='high')], "annotation 1: score 'high' is no finite number"),
        ([dict(track_id=1, bbox=[1, 2, 3])], 'must be four finite numbers'),
    ],
)
def test_what_cannot_be_is_named(tmp_path, entries, message):
    annotations = [
        dict(dict(id=place, image_id=1, category_id=4, bbox=[1, 2, 3, 4]), **one)
        for place, one in enumerate(entries, 1)
    ]
    with pytest.raises(DataFileError, match=message):
        read(tmp_path, annotations=annotations)
