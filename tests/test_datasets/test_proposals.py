"""Proposal files: writing, reading, damage, other formats, recall."""

import json
import pickle
import struct

import cv2
import numpy as np
import pytest

from vsd_mot.datasets.proposals import (
    ProposalStore,
    frame_key,
    frames_of_annotations,
    frames_of_folder,
    proposal_recall,
    read_det_db,
    read_det_txt,
    write_det_db,
    write_proposals,
)
from vsd_mot.datasets.proposals.recall import count_matches
from vsd_mot.datasets.proposals.store import MAGIC


def frames(count=5, seed=0):
    """Frames with 0, 1, 2, ... proposals."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        corner = rng.uniform(-5, 300, (number, 2))
        boxes = np.concatenate([corner, corner + rng.uniform(1, 90, (number, 2))], axis=1)
        made.append(
            (
                f'MOT17-02/img1/{number + 1:06d}.jpg',
                (450, 800),
                boxes.astype(np.float32),
                rng.uniform(0.05, 1, number).astype(np.float32),
            )
        )
    return made


@pytest.fixture
def path(tmp_path):
    file = tmp_path / 'sub' / 'train.proposals'
    write_proposals(file, frames(), meta=dict(detector='yolox', score_thr=0.05))
    return file


def test_what_was_written_is_read(path):
    store = ProposalStore(path)
    assert len(store) == 5
    assert store.num_proposals == 10
    assert store.meta == dict(detector='yolox', score_thr=0.05)
    assert list(store) == [name for name, *_ in frames()]
    for name, size, boxes, scores in frames():
        read_boxes, read_scores = store[name]
        np.testing.assert_array_equal(read_boxes, boxes)
        np.testing.assert_array_equal(read_scores, scores)
        assert read_boxes.shape == (len(boxes), 4)
        assert store.image_size(name) == size


def test_reading_gives_copies(path):
    store = ProposalStore(path)
    store['MOT17-02/img1/000003.jpg'][0][:] = 0
    assert store['MOT17-02/img1/000003.jpg'][0].max() > 0


def test_set_without_frames_and_frames_without_proposals(tmp_path):
    write_proposals(tmp_path / 'none', [])
    assert len(ProposalStore(tmp_path / 'none')) == 0
    write_proposals(tmp_path / 'empty', frames(1))
    boxes, scores = ProposalStore(tmp_path / 'empty')['MOT17-02/img1/000001.jpg']
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)


def test_store_travels_to_workers_as_a_path(path):
    pickled = pickle.dumps(ProposalStore(path))
    assert len(pickled) < 500
    assert pickle.loads(pickled)['MOT17-02/img1/000002.jpg'][0].shape == (1, 4)


def test_big_set_opens_fast_and_reads_single_frames(tmp_path):
    import time

    boxes = np.ones((20, 4), np.float32)
    names = (f'dancetrack{i // 1000:04d}/img1/{i % 1000:08d}.jpg' for i in range(100_000))
    write_proposals(tmp_path / 'big', ((n, (1, 1), boxes, boxes[:, 0]) for n in names))
    start = time.process_time()
    store = ProposalStore(tmp_path / 'big')
    opened = time.process_time() - start
    start = time.process_time()
    for number in range(0, 100_000, 1000):
        assert store[f'dancetrack{number // 1000:04d}/img1/00000000.jpg'][0].shape == (20, 4)
    read = time.process_time() - start
    # The limits leave room for a slow machine.
    assert opened < 3
    assert read < 0.2
    assert isinstance(store._boxes.base, np.memmap)


@pytest.mark.parametrize(
    ('path', 'key'),
    [
        ('a/img1/1.jpg', 'a/img1/1.jpg'),
        ('a\\img1\\1.jpg', 'a/img1/1.jpg'),
        ('./a//img1/./1.jpg', 'a/img1/1.jpg'),
    ],
)
def test_key_is_the_same_on_every_system(path, key):
    assert frame_key(path) == key


@pytest.mark.parametrize('path', ['', '/etc/passwd', '../a.jpg', 'a/../../b.jpg', 'C:\\a.jpg', '.'])
def test_path_that_leaves_its_set_is_refused(path):
    with pytest.raises(ValueError, match='cannot name a frame'):
        frame_key(path)


def test_missing_frames_are_named_with_number_and_remedy(path):
    store = ProposalStore(path)
    wanted = [f'MOT17-02/img1/{i:06d}.jpg' for i in range(1, 11)]
    with pytest.raises(KeyError) as error:
        store.require(wanted, needed_by='annotations/train.json')
    text = str(error.value)
    assert '5 of 10 frames of annotations/train.json' in text
    assert 'MOT17-02/img1/000006.jpg' in text
    assert 'make_proposals.py' in text
    with pytest.raises(KeyError, match=r'train\.proposals'):
        store['elsewhere.jpg']


def test_no_file_tells_how_to_make_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'make_proposals\.py'):
        ProposalStore(tmp_path / 'gone')


@pytest.mark.parametrize(
    ('frame', 'message'),
    [
        (('a.jpg', (1, 1), np.zeros((2, 4)), np.zeros(1)), '2 boxes and 1 scores'),
        (('a.jpg', (1, 1), np.full((1, 4), np.nan), np.zeros(1)), 'not finite'),
        (('../a.jpg', (1, 1), np.zeros((0, 4)), np.zeros(0)), 'cannot name a frame'),
    ],
)
def test_impossible_frames_are_not_written(tmp_path, frame, message):
    with pytest.raises(ValueError, match=message):
        write_proposals(tmp_path / 'p', [frame])
    assert list(tmp_path.iterdir()) == []


def test_frame_that_comes_twice_is_refused_and_the_old_file_stays(path):
    before = path.read_bytes()
    with pytest.raises(ValueError, match='twice'):
        write_proposals(path, [*frames(2), frames(1)[0]])
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def header_of(content):
    (length,) = struct.unpack('<Q', content[8:16])
    return json.loads(content[16 : 16 + length]), length


def with_header(content, **changes):
    """The file with some of its header replaced, of the same length."""
    header, length = header_of(content)
    header['sections'].update(changes.pop('sections', {}))
    header.update(changes)
    text = json.dumps(header).encode().ljust(length)
    assert len(text) == length
    return content[:16] + text + content[16 + length :]


def damaged(name):
    """Ways in which a file may be broken or hostile."""
    return {
        'other file': lambda c: b'PK\x03\x04' + c[4:],
        'empty': lambda c: b'',
        'cut off': lambda c: c[: len(c) - 60],
        'cut in the header': lambda c: c[:30],
        'huge header': lambda c: MAGIC + struct.pack('<Q', 1 << 60) + c[16:],
        'header is no JSON': lambda c: c[:16] + b'}' + c[17:],
        'negative count': lambda c: with_header(c, num_frames=-5),
        'count is a string': lambda c: with_header(c, num_frames='5'),
        'too many frames': lambda c: with_header(c, num_frames=6),
        'too many proposals': lambda c: with_header(c, num_proposals=11),
        'section outside': lambda c: with_header(c, sections=dict(boxes=[99999999, 160])),
        'section before the start': lambda c: with_header(c, sections=dict(boxes=[-160, 160])),
        'section missing': lambda c: c.replace(b'"scores"', b'"scared"'),
        'unsafe key': lambda c: c.replace(
            b'MOT17-02/img1/000002.jpg', b'../../../../../etc/passwd'[:24]
        ),
        'key twice': lambda c: c.replace(b'000002.jpg', b'000001.jpg'),
        'key is no text': lambda c: c.replace(b'000002.jpg', b'\xff\xff0002.jpg'),
        'offsets not in order': lambda c: c.replace(
            struct.pack('<3q', 0, 0, 1), struct.pack('<3q', 0, 9, 1)
        ),
        'version': lambda c: with_header(c, version=9),
    }[name]


@pytest.mark.parametrize(
    'name',
    [
        'other file',
        'empty',
        'cut off',
        'cut in the header',
        'huge header',
        'header is no JSON',
        'negative count',
        'count is a string',
        'too many frames',
        'too many proposals',
        'section outside',
        'section before the start',
        'section missing',
        'unsafe key',
        'key twice',
        'key is no text',
        'offsets not in order',
        'version',
    ],
)
def test_damaged_file_is_refused_by_name(path, name):
    content = path.read_bytes()
    broken = damaged(name)(content)
    assert broken != content
    path.write_bytes(broken)
    with pytest.raises(ValueError, match=r'train\.proposals'):
        ProposalStore(path)


def test_boxes_that_are_no_numbers_are_found_when_read(path):
    content = path.read_bytes()
    box = frames()[1][2].tobytes()
    path.write_bytes(content.replace(box, np.full(4, np.inf, '<f4').tobytes()))
    store = ProposalStore(path)
    with pytest.raises(ValueError, match=r'MOT17-02/img1/000002\.jpg are not finite'):
        store['MOT17-02/img1/000002.jpg']


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


@pytest.fixture
def sequence(tmp_path):
    folder = tmp_path / 'set' / 'MOT17-02-DPM'
    (folder / 'img1').mkdir(parents=True)
    (folder / 'det').mkdir()
    for number in range(1, 4):
        cv2.imwrite(str(folder / 'img1' / f'{number:06d}.jpg'), np.zeros((8, 8, 3), np.uint8))
    (folder / 'seqinfo.ini').write_text('[Sequence]\nimWidth=80\nimHeight=60\n')
    (folder / 'det' / 'det.txt').write_text('1,-1,10,20,30,40,-0.5,-1,-1,-1\n3,-1,1,2,3,4,0.9\n')
    return tmp_path / 'set'


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


def test_frames_of_a_folder_and_of_annotations(sequence, tmp_path):
    names = [f'MOT17-02-DPM/img1/{i:06d}.jpg' for i in (1, 2, 3)]
    assert frames_of_folder(sequence) == names
    with pytest.raises(ValueError, match='ann-file'):
        frames_of_folder(sequence / 'MOT17-02-DPM' / 'det')
    file = tmp_path / 'a.json'
    file.write_text(json.dumps(dict(images=[dict(file_name=n.replace('/', '\\')) for n in names])))
    assert frames_of_annotations(file) == names
    file.write_text('{"images": [{}]}')
    with pytest.raises(ValueError, match='file_name'):
        frames_of_annotations(file)


def test_matches_are_one_to_one():
    objects = np.array([[0, 0, 10, 10], [0, 0, 10, 11], [50, 50, 60, 60]], np.float32)
    one = np.array([[0, 0, 10, 10]], np.float32)
    assert count_matches(one, objects) == 1, 'one proposal does not stand for two people'
    assert count_matches(np.concatenate([one, one]), objects) == 2
    assert count_matches(np.zeros((0, 4), np.float32), objects) == 0
    # Taking the best pair first would leave the second object alone.
    boxes = np.array([[0, 0, 10, 9], [0, 0, 10, 14]], np.float32)
    close = np.array([[0, 0, 10, 10], [0, 0, 10, 5]], np.float32)
    assert count_matches(boxes, close) == 2


def test_recall_of_a_set(tmp_path):
    names = [f'a/img1/{i}.jpg' for i in (1, 2)]
    boxes = np.array([[0, 0, 10, 20], [40, 40, 50, 60]], np.float32)
    write_proposals(
        tmp_path / 'p',
        [
            (names[0], (99, 99), boxes, np.array([0.9, 0.04])),
            (names[1], (99, 99), boxes[:0], np.zeros(0)),
        ],
    )
    annotations = [
        dict(image_id=1, category_id=1, bbox=[0, 0, 10, 20], visibility=1.0),
        dict(image_id=1, category_id=1, bbox=[40, 40, 10, 20], visibility=0.2),
        dict(image_id=2, category_id=1, bbox=[1, 1, 10, 20], visibility=1.0),
        dict(image_id=2, category_id=2, bbox=[1, 1, 10, 20], visibility=1.0),
    ]
    content = dict(
        images=[dict(id=i + 1, file_name=n, video_id=1) for i, n in enumerate(names)],
        videos=[dict(id=1, name='a')],
        categories=[dict(id=1, name='pedestrian'), dict(id=2, name='car')],
        annotations=annotations,
    )
    (tmp_path / 'a.json').write_text(json.dumps(content))
    store = ProposalStore(tmp_path / 'p')
    report = proposal_recall(store, tmp_path / 'a.json')
    assert (report.objects, report.proposals, report.matched) == (3, 1, 1)
    assert report.precision == 1
    assert report.by_video == {'a': pytest.approx(1 / 3)}
    assert proposal_recall(store, tmp_path / 'a.json', score_thr=0.01).recall == pytest.approx(
        2 / 3
    )
    assert proposal_recall(store, tmp_path / 'a.json', min_visibility=0.5).recall == 0.5
