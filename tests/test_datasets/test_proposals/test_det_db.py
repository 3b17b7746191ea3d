"""Proposals in other people's formats."""

import json

import numpy as np
import pytest

from vsd_mot.datasets.proposals import (
    ProposalStore,
    frames_of_folder,
    read_det_db,
    read_det_txt,
    write_det_db,
    write_proposals,
)


def test_published_json_to_a_file_and_back(tmp_path):
    lines = {
        'DanceTrack/train/dancer0001/img1/00000001.txt': [
            '10,20.5,30,40,0.9\n',
            '1,2,3,4,0.06',
        ],
        'DanceTrack/train/dancer0001/img1/00000002.txt': [],
        'DanceTrack/val/dancetrack0004/img1/00000001.txt': ['0,0,5,5,0.5'],
    }
    (tmp_path / 'db.json').write_text(json.dumps(lines))
    made = list(read_det_db(tmp_path / 'db.json', strip='DanceTrack/', under='train/'))
    write_proposals(tmp_path / 'p', made)
    store = ProposalStore(tmp_path / 'p')
    assert list(store) == [f'train/dancer0001/img1/0000000{i}.jpg' for i in (1, 2)]
    boxes, scores = store['train/dancer0001/img1/00000001.jpg']
    np.testing.assert_allclose(boxes, [[10, 20.5, 40, 60.5], [1, 2, 4, 6]])
    np.testing.assert_allclose(scores, [0.9, 0.06])

    write_det_db(store, tmp_path / 'back.json', prefix='DanceTrack/')
    back = json.loads((tmp_path / 'back.json').read_text())
    assert list(back) == list(lines)[:2]
    for name, values in back.items():
        parsed = [[float(v) for v in line.split(',')] for line in values]
        expected = [[float(v) for v in line.split(',')] for line in lines[name]]
        np.testing.assert_allclose(parsed, expected, atol=1e-3)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        ([], 'dictionary'),
        ({'a.jpg': []}, r'ending in \.txt'),
        ({'a.txt': ['1,2,3']}, r"a\.txt, line 1: left,top,width,height,score.*'1,2,3'"),
        ({'a.txt': ['1,2,3,4,nan']}, 'line 1'),
        ({'../a.txt': []}, 'cannot name a frame'),
    ],
)
def test_broken_json_is_told_with_its_place(tmp_path, content, message):
    (tmp_path / 'db.json').write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message):
        list(read_det_db(tmp_path / 'db.json'))


def test_public_detections(sequence):
    made = list(read_det_txt(sequence))
    assert [name for name, *_ in made] == [f'MOT17-02-DPM/img1/{i:06d}.jpg' for i in (1, 2, 3)]
    assert [len(boxes) for _, _, boxes, _ in made] == [1, 0, 1]
    assert made[0][1] == (60, 80)
    assert made[0][2].tolist() == [[10, 20, 40, 60]]
    assert made[0][3].tolist() == [-0.5]


def test_linked_sequences_are_read(sequence, tmp_path):
    (tmp_path / 'links').mkdir()
    link = tmp_path / 'links' / 'walk'
    link.symlink_to(sequence / 'MOT17-02-DPM', target_is_directory=True)
    names = [f'walk/img1/{i:06d}.jpg' for i in (1, 2, 3)]
    assert [name for name, *_ in read_det_txt(tmp_path / 'links')] == names
    assert frames_of_folder(tmp_path / 'links') == names


def test_public_detections_go_by_the_number_that_ends_the_name(sequence):
    images = sequence / 'MOT17-02-DPM' / 'img1'
    for number in range(1, 4):
        (images / f'{number:06d}.jpg').rename(images / f'frame_{number:06d}.jpg')
    made = list(read_det_txt(sequence))
    assert made[2][0] == 'MOT17-02-DPM/img1/frame_000003.jpg'
    assert made[2][2].tolist() == [[1, 2, 4, 6]]


def test_seqinfo_of_public_detections(sequence):
    path = sequence / 'MOT17-02-DPM' / 'seqinfo.ini'
    path.write_text(path.read_text(), encoding='utf-8-sig')
    assert next(read_det_txt(sequence))[1] == (60, 80)
    path.write_text('imWidth=80\n')
    with pytest.raises(ValueError, match=r'seqinfo\.ini is not an ini file'):
        list(read_det_txt(sequence))


def test_every_image_format_is_a_frame(sequence):
    image = sequence / 'MOT17-02-DPM' / 'img1' / '000002'
    image.with_suffix('.jpg').rename(image.with_suffix('.webp'))
    names = [f'MOT17-02-DPM/img1/00000{name}' for name in ('1.jpg', '2.webp', '3.jpg')]
    assert frames_of_folder(sequence) == names
    assert [name for name, *_ in read_det_txt(sequence)] == names


@pytest.mark.parametrize(
    ('row', 'message'),
    [('9,-1,1,2,3,4,1', 'frame 9'), ('1,-1,1,2', 'line 3'), ('1,-1,a,2,3,4,1', 'line 3')],
)
def test_broken_public_detections(sequence, row, message):
    with (sequence / 'MOT17-02-DPM' / 'det' / 'det.txt').open('a') as file:
        file.write(row + '\n')
    with pytest.raises(ValueError, match=message):
        list(read_det_txt(sequence))
