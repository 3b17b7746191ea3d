"""Sequences are read and checked against themselves."""

from __future__ import annotations

import pytest
from PIL import Image

from converter_samples import boxes_of, convert, make_sequence


def test_dancetrack_names(tmp_path):
    """Eight digits, nine columns."""
    make_sequence(
        tmp_path / 'val' / 'dancetrack0004', '3,0,10,5,20,30,1,1,1\n', name_format='{:08d}.jpg'
    )
    contents, _ = convert(tmp_path)
    content = contents['val']
    assert content['images'][2]['file_name'] == 'val/dancetrack0004/img1/00000003.jpg'
    assert boxes_of(content, 2)[0]['instance_id'] == 1


def test_everything_wrong_is_reported(tmp_path):
    gt = (
        '1,1,10,5,20,30,1,1,1\n'
        '1,1,12,5,20,30,1,1,1\n'  # the same identity again
        '2,1,10,5,0,30,1,1,1\n'  # no width
        '2,2,10,5,20,-3,1,1,1\n'  # negative height
        '3,1,70,5,20,30,1,1,1\n'  # right of the image
        '9,1,10,5,20,30,1,1,1\n'  # no such frame
        '4,1,10,5,20,30,0,44,1\n'  # no such class
        '4,2,10,5,20,30,1,1,1\n'
    )
    folder = make_sequence(
        tmp_path / 'S', gt, numbers=[1, 2, 3, 5, 4, 8],
        info='[Sequence]\nname=T\nframeRate=0\nseqLength=100\nimWidth=1920\nimHeight=48\n',
    )  # fmt: skip
    (folder / 'img1' / 'Thumbs.db').write_text('x')
    contents, report = convert(tmp_path)
    assert len(contents['all']['annotations']) == 2
    assert [i['mot_frame_id'] for i in contents['all']['images']] == [1, 2, 3, 4, 5, 8]
    assert [i['frame_id'] for i in contents['all']['images']] == [0, 1, 2, 3, 4, 5]
    assert contents['all']['videos'][0]['width'] == 64
    for line in (
        '1 x gt row with the id of an earlier row of its frame, dropped\n    S: frame 1 id 1',
        '2 x gt row with a box smaller than one pixel, dropped\n'
        '    S: 2, such as frame 2 id 1: 0 x 30',
        '1 x gt row with a box outside of the image, dropped\n    S: frame 3 id 1',
        '1 x gt row of a frame that has no image, dropped\n    S: frame 9 id 1',
        '1 x gt row of a class that MOTChallenge does not have, dropped\n    S: class 44',
        '2 x frame missing between the first and the last, its neighbours follow each other\n'
        '    S: 2, such as number 6',
        '2 x seqinfo.ini contradicts the images, which are used\n'
        '    S: 2, such as seqlength=100, the images say 6',
        '1 x name in seqinfo.ini is not the name of the folder, which is used\n    S: T',
        '1 x sequence without a possible frame rate in seqinfo.ini, taken as 30',
        '1 x file among the images that is no image, skipped\n    S: Thumbs.db',
    ):
        assert line in report


@pytest.mark.parametrize('rate', ['0', '-5', 'nan', 'inf', 'ten', '1e9', '0.01'])
def test_frame_rates_that_cannot_be_are_said(tmp_path, rate):
    info = f'[Sequence]\nframeRate={rate}\n'
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n', numbers=[1], info=info)
    contents, report = convert(tmp_path)
    assert contents['all']['videos'][0]['fps'] == 30
    assert f'taken as 30\n    A: frameRate={rate}' in report


def test_visibility_beyond_its_range_is_said(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9,1,1,9\n1,2,1,1,9,9,1,1,-1\n', numbers=[1])
    contents, report = convert(tmp_path)
    assert [one['visibility'] for one in contents['all']['annotations']] == [1, 0]
    assert 'not from 0 to 1, taken as the nearest\n    A: 2, such as frame 1 id 1: 9' in report


@pytest.mark.parametrize(('length', 'known'), [(4, True), (7, True), (5, False)])
def test_length_with_missing_frames_is_their_count_or_the_last_number(tmp_path, length, known):
    info = f'[Sequence]\nframeRate=25\nseqLength={length}\n'
    make_sequence(tmp_path / 'A', '7,1,1,1,9,9\n', numbers=[1, 3, 5, 7], info=info)
    _, report = convert(tmp_path)
    assert ('contradicts' not in report) == known


def test_broken_images_are_errors(tmp_path):
    folder = make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n')
    (folder / 'img1' / '000002.jpg').write_bytes(b'')
    with pytest.raises(ValueError, match=r'000002.jpg cannot be read as an image'):
        convert(tmp_path)
    (folder / 'img1' / '000002.jpg').unlink()
    Image.new('RGB', (8, 8)).save(folder / 'img1' / '000003.png')
    with pytest.raises(ValueError, match=r'are both frame 3: remove one'):
        convert(tmp_path)
    (folder / 'img1' / '000003.png').rename(folder / 'img1' / 'first.png')
    with pytest.raises(ValueError, match=r'first.png: the name must end in the frame number'):
        convert(tmp_path)
    for path in (folder / 'img1').iterdir():
        path.unlink()
    with pytest.raises(FileNotFoundError, match='holds no images'):
        convert(tmp_path)


def test_image_folder_must_stay_inside(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n', info='[Sequence]\nimDir=../B/img1\n')
    with pytest.raises(ValueError, match=r"imDir='../B/img1' must be the name of a folder"):
        convert(tmp_path)


def test_places_without_sequences(tmp_path):
    with pytest.raises(FileNotFoundError, match='holds no sequences: a sequence is a folder with'):
        convert(tmp_path)
    with pytest.raises(FileNotFoundError, match='nowhere is not a folder'):
        convert(tmp_path / 'nowhere')
    make_sequence(tmp_path / 'data' / 'A', '1,1,1,1,9,9\n')
    with pytest.raises(ValueError, match='is not inside of'):
        convert(tmp_path / 'data', root=tmp_path / 'elsewhere')
