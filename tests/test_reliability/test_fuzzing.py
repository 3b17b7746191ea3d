"""Readers of files from outside, with bytes that nobody thought of.

Whatever a file holds, its reader gives its content or an error that an operator is shown in one
line. The seeds are fixed; `make test-slow` tries many more.
"""

import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from vsd_mot.commands.user_errors import MENDABLE
from vsd_mot.data_files import read_json, read_settings
from vsd_mot.datasets.coco_check import read_coco
from vsd_mot.datasets.converters import convert_crowdhuman
from vsd_mot.datasets.descriptions import read_descriptions
from vsd_mot.datasets.proposals import ProposalStore, read_det_db, write_proposals
from vsd_mot.datasets.tracks import read_tracks
from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.evaluation import evaluate_mot_files
from vsd_mot.images import image_size, read_image
from vsd_mot.mot_layout import image_folder
from vsd_mot.mot_text import read_mot_rows
from vsd_mot.video.file_end import missing_bytes
from vsd_mot.video.label_files import read_label_map
from vsd_mot.video.mots_rows import MotsRow, read_mots_rows, rows_to_label_map

# Errors of one line: what the wrapper of all commands takes for the operator's to mend, and the two
# that torch and our keyed stores raise.
EXPECTED = (*MENDABLE, KeyError, RuntimeError)
GT = b'1,1,10,20,30.5,40,1,1,0.9\n1,2,50,20,30,40,1,1,0.9\n2,1,12,20,30,40,1,1,0.9\n'


def png() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.arange(96, dtype=np.uint8).reshape(8, 12)).save(buffer, 'PNG')
    return buffer.getvalue()


def jpeg() -> bytes:
    noise = np.random.default_rng(0).integers(0, 255, (32, 48, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, 'JPEG')
    return buffer.getvalue()


def coco() -> bytes:
    content = dict(
        categories=[dict(id=1, name='pedestrian')],
        videos=[dict(id=1, name='a', fps=10)],
        images=[dict(id=1, file_name='a.jpg', width=9, height=9, video_id=1, frame_id=0)],
        annotations=[dict(id=1, image_id=1, category_id=1, bbox=[0, 0, 5, 5.5], instance_id=3)],
    )
    return json.dumps(content).encode()


def cvat() -> bytes:
    box = '<box frame="%d" outside="%d" occluded="0" xtl="1.5" ytl="2" xbr="3" ybr="4"></box>'
    return (
        '<annotations><meta><task><size>3</size><labels><label><name>a</name></label></labels>'
        f'</task></meta><track id="1" label="a">{box % (0, 0)}{box % (2, 1)}</track></annotations>'
    ).encode()


def read_all_tracks(path: Path) -> None:
    for table in read_tracks(path):
        list(table.results())


def odgt() -> bytes:
    boxes = [dict(tag='person', fbox=[1, 2, 3, 4], vbox=[1, 2, 3, 4], extra=dict(ignore=0))]
    return json.dumps(dict(ID='p', gtboxes=boxes)).encode() + b'\n'


def mots() -> bytes:
    return f'{MotsRow.of_mask(1, 2001, mask=np.eye(8, 9) > 0)}\n'.encode()


def checkpoint() -> bytes:
    buffer = io.BytesIO()
    torch.save(dict(state_dict=dict(a=torch.zeros(2)), meta=dict(epoch=1)), buffer)
    return buffer.getvalue()


def proposals(folder: Path) -> bytes:
    path = folder / 'good.proposals'
    write_proposals(path, [('a.jpg', (9, 9), np.array([[0, 0, 5, 5]]), [0.5])])
    return path.read_bytes()


def read_all_proposals(path: Path) -> None:
    store = ProposalStore(path)
    for key in store:
        store[key]


def read_all_masks(path: Path) -> None:
    for rows in read_mots_rows(path).values():
        rows_to_label_map(rows)


def read_all_det_db(path: Path) -> None:
    list(read_det_db(path))


def evaluate(path: Path) -> None:
    sequence = path.parent / 'S1'
    (sequence / 'gt').mkdir(parents=True, exist_ok=True)
    (sequence / 'gt' / 'gt.txt').write_bytes(path.read_bytes())
    evaluate_mot_files(sequence, path)


def convert_people(path: Path) -> None:
    (path.parent / 'Images').mkdir(exist_ok=True)
    (path.parent / 'Images' / 'p.jpg').write_bytes(jpeg())
    convert_crowdhuman(path.parent, subsets=('train',), progress=False)


def find_images(path: Path) -> None:
    folder = image_folder(path.parent)
    assert folder.parent == path.parent, 'leads out of the sequence'


# Name of the file, its reader, a good file to begin with. A further reader is a row.
READERS: dict[str, tuple[str, Callable, Callable[[Path], bytes]]] = {
    'MOT text': ('a.txt', read_mot_rows, lambda _: GT),
    'MOT text with tabs': ('a.txt', read_mot_rows, lambda _: GT.replace(b',', b'\t')),
    'scoring': ('S1.txt', evaluate, lambda _: GT),
    'MOTS text': ('a.txt', read_all_masks, lambda _: mots()),
    'settings in YAML': ('a.yaml', read_settings, lambda _: b'a: {b: [1, 2.5, &x c], d: *x}\n'),
    'settings in JSON': ('a.json', read_settings, lambda _: b'{"a": {"b": [1, 2.5, null]}}'),
    'JSON': ('a.json', read_json, lambda _: b'[{"a": 1e5}, "\\u00e9", true]'),
    'COCO': ('a.json', read_coco, lambda _: coco()),
    'tracks of COCO': ('a.json', read_all_tracks, lambda _: coco()),
    'tracks of CVAT': ('a.xml', read_all_tracks, lambda _: cvat()),
    'CrowdHuman': ('annotation_train.odgt', convert_people, lambda _: odgt()),
    'det_db': ('a.json', read_all_det_db, lambda _: b'{"a.txt": ["1,2,3,4,.5"]}'),
    'descriptions': (
        'a.json',
        read_descriptions,
        lambda _: b'{"video": "a", "scene": {"text": "b"}, "instances": {"1": {"text": "c"}}}',
    ),
    'seqinfo.ini': ('seqinfo.ini', find_images, lambda _: b'[Sequence]\nimDir=img1\nname=a\n'),
    'PNG': ('a.png', read_image, lambda _: png()),
    'JPEG': ('a.jpg', read_image, lambda _: jpeg()),
    'image size': ('a.jpg', image_size, lambda _: jpeg()),
    'label map': ('a.png', read_label_map, lambda _: png()),
    'proposal file': ('a.proposals', read_all_proposals, proposals),
    'checkpoint': ('a.pth', load_weights, lambda _: checkpoint()),
    'end of a video': ('a.mp4', missing_bytes, lambda _: b'\0\0\0\x10ftypisom\0\0\0\0' * 3),
}  # fmt: skip

place = st.floats(0, 1)
pieces = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b'nan', b'inf', b'-1', b'1e308', b'1e400', b'99999999999999999999', b'0x10', b'..',
         b'\xef\xbb\xbf', b'\0', b'\xff\xfe', b'../../x', b'null', b'true', b'[', b'{', b'"',
         b',', b'\r', b'\n', b' ', b'&a [*a]', b'!!python/name:os.system', b'\xe2\x80\xa8',
         b'\xff\xd9']
    ),
)  # fmt: skip
changes = st.lists(st.tuples(place, st.integers(0, 20), pieces), min_size=1, max_size=4)


def changed(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Replace some bytes by others, which may be more, fewer or none."""
    for where, length, piece in edits:
        begin = int(where * len(data))
        data = data[:begin] + piece + data[begin + length :]
    return data


def error_without_words(read: Callable, path: Path) -> list[str]:
    """Kinds of expected errors that say nothing; unexpected ones go on."""
    try:
        read(path)
    except EXPECTED as error:
        return [] if str(error).strip() else [type(error).__name__]
    return []


@pytest.mark.parametrize('tries', [25, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize('reader', READERS)
def test_any_file_is_read_or_refused_in_one_line(tmp_path, reader, tries):
    name, read, good = READERS[reader]
    whole = good(tmp_path)
    (tmp_path / 'work').mkdir()
    path = tmp_path / 'work' / name
    path.write_bytes(whole)
    read(path)  # the good one is good

    @settings(
        max_examples=tries,
        derandomize=True,
        database=None,
        deadline=10_000,
        suppress_health_check=list(HealthCheck),
    )
    @given(changes, st.floats(0.2, 1))
    def attempt(edits, share):
        data = changed(whole, edits)
        path.write_bytes(data[: max(1, int(share * len(data)))] if share < 0.5 else data)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            silent.extend(error_without_words(read, path))

    silent: list[str] = []
    attempt()
    assert not silent
