"""Folders, lists and globs of videos, and the names of their results."""

import os

import pytest

from vsd_mot.apis.video_inputs import find_videos, is_many, state_of, unique_names
from vsd_mot.errors import SourceError


@pytest.fixture
def clips(tmp_path, monkeypatch):
    """A folder with videos, a folder of images and MOTChallenge sequences, side by side."""
    monkeypatch.chdir(tmp_path)
    for name in (
        *('clip2.mp4', 'clip10.MKV', 'notes.txt', '.hidden.mp4', 'frames/1.png', 'frames/2.png'),
        *('MOT/train/A/img1/000001.jpg', 'MOT/train/A/gt/gt.txt', 'MOT/train/B/seqinfo.ini'),
    ):
        path = tmp_path / 'clips' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'x')
    return tmp_path


def sources(*inputs, **options):
    return [video.source for video in find_videos(inputs, **options)]


def names(*inputs):
    return [video.name for video in find_videos(inputs)]


def test_a_folder_is_searched(clips):
    expected = ['MOT/train/A', 'MOT/train/B', 'clip2.mp4', 'clip10.MKV', 'frames']
    found = sources('clips')
    assert sorted(found) == sorted(f'clips/{name}' for name in expected)
    assert found.index('clips/clip2.mp4') < found.index('clips/clip10.MKV')
    assert sorted(names('clips')) == ['A', 'B', 'clip10', 'clip2', 'frames']
    assert all(video.fault is None for video in find_videos(['clips']))


@pytest.mark.parametrize(
    ('text', 'many'),
    [
        ('clips', True),
        ('clips/MOT', True),
        ('clips/frames', False),
        ('clips/MOT/train/A', False),
        ('clips/MOT/train/A/img1', False),
        ('clips/clip2.mp4', False),
        ('clips/*.mp4', True),
        ('list.txt', True),
        ('0', False),
        ('rtsp://host/a?b=*', False),
    ],
)
def test_what_stands_for_many(clips, text, many):
    assert is_many(text) is many


def test_globs_lists_and_doubles(clips):
    assert sources('clips/*.mp4') == ['clips/clip2.mp4']
    # Not the notes; the folder of images as a whole.
    assert sources('clips/[cfn]*') == ['clips/clip2.mp4', 'clips/clip10.MKV', 'clips/frames']
    assert sources('clips/**/*.ini') == ['clips/MOT/train/B/seqinfo.ini']
    (clips / 'clips' / 'list.txt').write_text(
        '# mine\nclip2.mp4\n\nMOT\n../clips/clip2.mp4\nhttp://host/x.mp4\n'
    )
    a, b = 'clips/MOT/train/A', 'clips/MOT/train/B'
    assert sources('clips/list.txt', 'clips/frames', 'clips/frames/') == [
        *('clips/clip2.mp4', a, b, 'http://host/x.mp4', 'clips/frames'),
    ]


def test_what_is_not_there_is_a_fault_beside_the_others(clips):
    (clips / 'list.txt').write_text('gone.mp4\nclips/clip2.mp4\nlist.txt\n')
    (clips / 'empty').mkdir()
    videos = find_videos(['list.txt', 'empty', '*.avi', 'nowhere.mp4'])
    faults = {video.source: video.fault for video in videos}
    assert faults.pop('clips/clip2.mp4') is None
    assert faults == {
        'gone.mp4': 'gone.mp4 does not exist',
        'list.txt': 'list.txt names list.txt, another list: put its lines in here',
        'empty': 'there is no video in the folder empty, nor in those below it',
        '*.avi': 'no video fits *.avi',
        'nowhere.mp4': 'nowhere.mp4 does not exist',
    }


@pytest.mark.parametrize(
    ('inputs', 'message'),
    [
        ([], 'there is no video'),
        (['none.mp4', '*.avi'], 'none.mp4 does not exist; no video fits'),
        (['none.txt'], 'the list none.txt does not exist'),
        (['bad.txt'], 'bad.txt cannot be read as UTF-8'),
    ],
)
def test_not_one_video_is_an_error(clips, inputs, message):
    (clips / 'bad.txt').write_bytes(b'\xff\xfe\xfd')
    with pytest.raises(SourceError, match=message):
        find_videos(inputs)


def test_results_are_not_taken_for_videos(clips):
    out = clips / 'clips' / 'results' / 'clip2'
    out.mkdir(parents=True)
    (out / 'clip2_tracked.mp4').write_bytes(b'x')
    assert len(sources('clips')) == 6
    assert len(sources('clips', leave_out='clips/results')) == 5
    assert sources('clips/**/*.mp4', leave_out='clips/results') == ['clips/clip2.mp4']
    # A folder of results around the videos hides none of them.
    assert sources('clips/*.mp4', leave_out='.') == ['clips/clip2.mp4']
    with pytest.raises(SourceError, match='the results would lie among the videos of clips'):
        sources('clips', leave_out='clips')


def test_names_never_collide(tmp_path):
    files = ['a/x.mp4', 'b/x.mp4', 'b/X.avi', 'b/y.mp4', 'c/b/y.mp4', 'd/b/y.mp4', 'z.mp4']
    given = unique_names([str(tmp_path / file) for file in files])
    assert given[:3] == ['a_x.mp4', 'b_x.mp4', 'X.avi']
    assert given[-1] == 'z'
    assert [name.split('_')[0] for name in given[3:6]] == ['y.mp4'] * 3
    assert len({name.casefold() for name in given}) == len(files)
    assert unique_names(['http://host/a/clip.mp4?key=1']) == ['clip']


def test_the_state_changes_with_the_files(clips):
    for path in (clips / 'clips' / 'clip2.mp4', clips / 'clips' / 'MOT' / 'train' / 'A'):
        before = state_of(path)
        assert before is not None
        assert state_of(path) == before
        file = path if path.is_file() else path / 'img1' / '000001.jpg'
        os.utime(file, (1, 1))
        assert state_of(path) != before
    assert state_of(clips / 'nowhere') is None


def test_an_empty_name_is_not_this_folder(clips, monkeypatch):
    monkeypatch.chdir(clips)
    assert not is_many('')
    with pytest.raises(SourceError, match='the name of a video is empty'):
        find_videos(['', ' '])
