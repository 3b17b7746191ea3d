"""Proposal files."""

import json
import pickle
import struct

import numpy as np
import pytest

from vsd_mot.datasets.proposals import (
    ProposalStore,
    write_proposals,
)
from vsd_mot.datasets.proposals.sealing import SEAL_BYTES, seal
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
    path.write_bytes(content.replace(box, np.full(4, np.inf, '<f4').tobytes())[:-SEAL_BYTES])
    seal(path)  # by somebody who knows how
    store = ProposalStore(path)
    with pytest.raises(ValueError, match=r'MOT17-02/img1/000002\.jpg has a box that is not finite'):
        store['MOT17-02/img1/000002.jpg']
