"""The place of a video's results."""

import json
import os

import pytest

from bright_box_tracker import moving_boxes, write_frames
from vsd_mot.apis import open_source
from vsd_mot.apis.output_place import OutputPlace, written_info
from vsd_mot.errors import BusyError, OutputError


@pytest.fixture
def source(tmp_path):
    return open_source(write_frames(tmp_path / 'videos' / 'cam', moving_boxes(2)))


def finish(folder, **info):
    folder.mkdir(exist_ok=True)
    (folder / 'cam.json').write_text(json.dumps(dict(videos=[], info=dict(complete=True, **info))))


def test_one_writer_at_a_time(source, tmp_path):
    out = tmp_path / 'out'
    place = OutputPlace(out, source)
    assert place.name == 'cam'
    with pytest.raises(BusyError, match=str(os.getpid())):
        OutputPlace(out, source)
    place.release()
    OutputPlace(out, source).release()


def test_the_identity_is_the_resolved_path(source, tmp_path):
    place = OutputPlace(tmp_path / 'out', source)
    place.release()
    assert place.identity['source_path'] == str((tmp_path / 'videos' / 'cam').resolve())


def test_results_of_the_same_source_may_be_replaced(source, tmp_path):
    finish(tmp_path / 'out', source='cam', source_path=str(source.path.resolve()))
    OutputPlace(tmp_path / 'out', source).release()


@pytest.mark.parametrize(
    ('name', 'content', 'message'),
    [
        ('cam.json', '{"info": {"complete": true, "source_path": "/other/cam"}}', 'another source'),
        ('cam.json', '{"shopping": []}', 'is no result of tracking'),
        ('cam.txt', 'milk, eggs', 'without the cam.json'),
    ],
)
def test_what_others_wrote_is_refused_and_the_lock_is_let_go(
    source, tmp_path, name, content, message
):
    out = tmp_path / 'out'
    out.mkdir()
    (out / name).write_text(content)
    for _ in range(2):
        with pytest.raises(OutputError, match=message):
            OutputPlace(out, source)
    assert (out / name).read_text() == content


def test_only_leftovers_of_this_name_are_cleared(source, tmp_path):
    out = tmp_path / 'out'
    (out / 'cam_tracked.0123456789ab.partial').mkdir(parents=True)
    for name in ('cam.0123456789ab.mp4.partial', 'camera.0123456789ab.partial', 'cam.mp4.partial'):
        (out / name).write_text('half')
    OutputPlace(out, source).release()
    assert sorted(path.name for path in out.iterdir() if not path.name.startswith('.')) == [
        'cam.mp4.partial',
        'camera.0123456789ab.partial',
    ]


def test_the_source_itself_is_not_written_over(source, tmp_path):
    place = OutputPlace(source.path.parent, source)
    with pytest.raises(OutputError, match='is the source itself'):
        place.path('cam')
    assert place.path('cam.json') == source.path.parent / 'cam.json'
    place.release()


def test_a_folder_that_cannot_be_made_is_named(source, tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(OutputError, match='file'):
        OutputPlace(tmp_path / 'file' / 'out', source)


def test_info_is_read_from_the_end_alone(tmp_path):
    path = tmp_path / 'long.json'
    path.write_text(json.dumps(dict(annotations=[0] * 100_000, info=dict(complete=False, n=3))))
    assert written_info(path) == dict(complete=False, n=3)
    for content in ('', '[]', '{"info": ', '{"info": {"complete"'):
        path.write_text(content)
        assert written_info(path) is None
    assert written_info(tmp_path / 'none.json') is None
