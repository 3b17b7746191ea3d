"""Inputs of the tools around tracking: right, or a line that says where. A further one is a row."""

import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from command_runs import assert_line
from toy_runner import ToyModel
from vsd_mot.commands import (
    browse,
    convert_proposals,
    diagnose,
    encode_descriptions,
    evaluate,
    score_masks,
)
from vsd_mot.datasets.proposals import ProposalStore, write_proposals
from vsd_mot.engine.weights import load_checkpoint
from vsd_mot.errors import CheckpointError
from vsd_mot.evaluation.tuning.search import check_space
from vsd_mot.video.label_files import write_label_map
from vsd_mot.video.mots_rows import MotsRow

HEIGHT, WIDTH = 40, 60
GT = ''.join(f'{k},1,{10 + k},5,10,20,1,1,1\n' for k in (1, 2, 3))


def sequence(folder: Path) -> Path:
    """Write three pictures, of a person each."""
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    for number in (1, 2, 3):
        image = np.random.default_rng(number).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
        cv2.imwrite(str(folder / 'img1' / f'{number:06d}.jpg'), image)
    (folder / 'gt' / 'gt.txt').write_text(GT)
    return folder


def labels(number: int) -> np.ndarray:
    """Two objects."""
    both = np.zeros((HEIGHT, WIDTH), np.int32)
    both[5:30, 5 + number : 25 + number] = 1
    both[10:35, 35:50] = 2
    return both


def mask_set(root: Path, *, text: bool = False) -> Path:
    """Write a set with label maps, or MOTS text, and the same as results."""
    folder = sequence(root / 'val' / 'S')
    rows = []
    for number in (1, 2, 3):
        both = labels(number)
        write_label_map(root / 'res' / 'S' / f'{number:06d}.png', both)
        if text:
            rows += [MotsRow.of_mask(number, k, mask=both == k) for k in (1, 2)]
        else:
            write_label_map(folder / 'labels' / f'{number:06d}.png', both)
    if text:
        (folder / 'gt' / 'gt.txt').write_text(''.join(f'{row}\n' for row in rows))
    return root


def picture(size: tuple[int, int], form: str = 'PNG'):
    """Replace a result by a picture of ones."""

    def write(root: Path) -> None:
        path = root / 'res' / 'S' / '000002.png'
        Image.fromarray(np.ones(size, np.uint8)).save(path, format=form)

    return write


def renamed(root: Path) -> None:
    path = root / 'val' / 'S' / 'labels' / '000002.png'
    path.rename(path.with_name('000009.png'))


LABEL_MAPS = {
    'one pixel': (picture((1, 1)), r'000002\.png is 1 x 1, its picture 60 x 40'),
    'one column': (picture((HEIGHT, 1)), r'000002\.png is 1 x 40, its picture 60 x 40'),
    'a row more': (picture((HEIGHT + 1, WIDTH)), r'000002\.png is 60 x 41'),
    'JPEG': (picture((HEIGHT, WIDTH), 'JPEG'), r'000002\.png: .*which is a PNG'),
    'TIFF': (picture((HEIGHT, WIDTH), 'TIFF'), r'000002\.png: .*which is a PNG'),
    'of no picture': (renamed, r'000009\.png has no picture of its name'),
}


@pytest.mark.parametrize('kind', LABEL_MAPS)
def test_label_maps_that_cannot_be_scored(tmp_path, kind, capsys):
    change, message = LABEL_MAPS[kind]
    change(mask_set(tmp_path))
    assert score_masks.main([str(tmp_path), '--results', str(tmp_path / 'res')]) == 1
    assert_line(capsys.readouterr().err, 'score_masks', message)


MOTS = {
    'byte order mark': (lambda text: '\ufeff' + text, None),
    'ends of Windows': (lambda text: text.replace('\n', '\r\n'), None),
    'UTF-16': (lambda text: text.encode('utf-16'), None),
    'a row twice': (lambda text: text + text.splitlines()[0], 'line 7: identity 1 is in frame 1'),
    'a class of COCO': (lambda text: text.replace('1 1 2 ', '1 1 77 '), 'line 1: class 77'),
    'identity 0': (lambda text: text.replace('1 1 2 ', '1 0 2 '), 'gt.txt: .*0 is no identity'),
    'cut': (lambda text: text[:-9], 'line 6: the mask has not 40 x 60'),
    'overlap': (
        lambda text: text + str(MotsRow.of_mask(1, 9, mask=np.ones((HEIGHT, WIDTH), bool))),
        'gt.txt: .*masks of 2 and 9 overlap',
    ),
    'of other pictures': (
        lambda _: ''.join(f'{MotsRow.of_mask(k, 1, mask=np.eye(20) > 0)}\n' for k in (1, 2, 3)),
        r'000001\.jpg is 20 x 20, its picture 60 x 40',
    ),
}


@pytest.mark.parametrize('kind', MOTS)
def test_mots_text(tmp_path, kind, capsys):
    change, message = MOTS[kind]
    path = mask_set(tmp_path, text=True) / 'val' / 'S' / 'gt' / 'gt.txt'
    changed = change(path.read_text())
    path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())
    status = score_masks.main([str(tmp_path), '--results', str(tmp_path / 'res')])
    output = capsys.readouterr()
    if message is None:
        assert status == 0
        assert 'J&F 100.0' in output.out
    else:
        assert status == 1
        assert_line(output.err, 'score_masks', message)


BOXES = {
    'none': ('', 33.3),
    'of another video': ('77,1,5,5,20,25,1,-1,-1,-1\n', 'has frame 77, and the video has 3'),
    'gigantic': ('1,1,6,5,20,25,1,1,1,1\n2,1,6,5,900000,900000,1,1,1,1\n', 0),
}


@pytest.mark.parametrize('kind', BOXES)
def test_boxes_of_the_baseline(tmp_path, kind, capsys):
    text, expected = BOXES[kind]
    root = mask_set(tmp_path)
    (root / 'S.txt').write_text(text)
    status = score_masks.main([str(root), '--baseline', '--boxes', str(root)])
    output = capsys.readouterr()
    if isinstance(expected, str):
        assert status == 1
        assert_line(output.err, 'score_masks', expected)
    else:
        assert status == 0
        assert f'J-Mean {expected or ""}' in output.out
        assert 'J&F 100.0' not in output.out  # it is not the truth that is pasted


DESCRIPTIONS = {
    'endless identity': (dict(instances={'9' * 5000: {}}), 'is no identity'),
    'identity of 70 bits': (dict(instances={str(2**70): {}}), 'is no identity'),
    'half a character': (dict(scene=dict(text='\ud800')), 'cannot be shown'),
    'zero byte': (dict(scene=dict(text='a\0b')), 'cannot be shown'),
    'a book': (dict(scene=dict(text='word ' * 5000)), '25000 characters'),
    'source': (dict(source=[1]), '"source" must be a text'),
    'somebody else': (dict(instances={'77': {}}), r'does not have \(77\)'),
    'another video': (dict(video='B'), "is about 'B'"),
}
ENCODER = ['--encoder', 'type=BagOfWordsEncoder']


def described(folder: Path, **changes) -> Path:
    content = {**dict(video=folder.name, scene={}, instances={'1': {}}), **changes}
    sequence(folder)
    (folder / 'descriptions.json').write_text(json.dumps(content))
    return folder


@pytest.mark.parametrize('kind', DESCRIPTIONS)
def test_descriptions(tmp_path, kind, capsys):
    changes, message = DESCRIPTIONS[kind]
    described(tmp_path / 'A', **changes)
    assert encode_descriptions.main([str(tmp_path), '--check']) == 1
    assert_line(capsys.readouterr().err, 'encode_descriptions', r'descriptions\.json.*' + message)


def test_folders_of_descriptions(tmp_path, capsys):
    described(tmp_path / 'train' / 'A')
    described(tmp_path / 'val' / 'A')
    out = ['--out', str(tmp_path / 'o.npz'), *ENCODER]
    for folders, message in (
        ([tmp_path], 'have one name'),
        ([tmp_path / 'train', tmp_path / 'typo'], 'there is no folder .*typo'),
        ([tmp_path / 'train', tmp_path / 'val' / 'A' / 'gt'], 'no sequences in .*gt'),
    ):
        assert encode_descriptions.main([*map(str, folders), *out]) == 1
        assert_line(capsys.readouterr().err, 'encode_descriptions', message)
    assert not (tmp_path / 'o.npz').exists()


SPACES = {
    'nothing': ({}, 'no settings'),
    'a list': ([1], 'no settings'),
    'another root': ({'modl.a': [0, 1]}, 'no modl'),
    'another section': ({'model.traker.a': [0, 1]}, r'no model\.traker'),
    'no section': ({'model': [0, 1]}, 'no '),
    'turned round': ({'model.tracker.a': [0.9, 0.1]}, 'no range'),
    'no number': ({'model.tracker.a': [float('nan'), 1.0]}, 'no range'),
    'endless': ({'model.tracker.a': [0.0, float('inf')]}, 'no range'),
    'one number': ({'model.tracker.a': 0.5}, 'neither'),
    'no choice': ({'model.tracker.a': []}, 'neither'),
}


@pytest.mark.parametrize('kind', SPACES)
def test_spaces_of_tuning(kind):
    space, message = SPACES[kind]
    with pytest.raises(ValueError, match=message):
        check_space(dict(model=dict(tracker=dict(a=0.5))), space)


def test_sheets_replace_links(tmp_path, capsys):
    path = sequence(tmp_path / 'set' / 'A') / 'gt' / 'gt.txt'
    path.write_text(GT + '99,1,10,5,10,20,1,1,1\n')
    out = tmp_path / 'out'
    out.mkdir()
    (tmp_path / 'mine').write_text('mine')
    for name in ('samples.jpg', 'quality.csv', 'quality.png'):
        (out / name).symlink_to(tmp_path / 'mine')
    assert browse.main([str(tmp_path / 'set'), '--out', str(out), '--every', '3']) == 0
    assert (tmp_path / 'mine').read_text() == 'mine'
    assert 'gt row of a frame that has no image, dropped' in capsys.readouterr().out
    (tmp_path / 'c.py').write_text('x = 1')
    assert browse.main([str(tmp_path / 'c.py'), '--out', str(out)]) == 1
    assert_line(capsys.readouterr().err, 'browse_dataset', 'no train_dataloader')


def test_a_diagnosis_says_what_is_missing(tmp_path, capsys):
    path = tmp_path / 'a.mkv'
    with av.open(str(path), 'w') as container:
        stream = container.add_stream('mpeg4', rate=10)
        stream.height, stream.width, stream.pix_fmt = 48, 64, 'yuv420p'
        for number in range(20):
            noise = np.random.default_rng(number).integers(0, 255, (48, 64, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noise, 'bgr24')))
        container.mux(stream.encode(None))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert diagnose.main([str(path), '--pictures', '1']) == 0
    assert 'cut off: ' in capsys.readouterr().out


@pytest.mark.parametrize('content', ['{"a": 5}', '{"a": {"fingerprint": "x"}}', '[]',
                                     '{"a": {"fingerprint": "x", "cells": {"../x": {"HOTA": 1}}}}',
                                     '{"a": {"fingerprint": "x", "cells": {"clean": {"HOTA": null}}}}'])  # fmt: skip  # noqa: E501
def test_results_of_the_benchmark(tmp_path, content, capsys):
    path = tmp_path / 'results.json'
    path.write_text(f'{{"models": {content}}}')
    assert diagnose.main([str(tmp_path), '--robustness', str(path)]) == 1
    assert_line(capsys.readouterr().err, 'diagnose', r'results\.json holds no results')


RESULTS = {
    'a column less': (GT + '3,9,1,2,3,4\n', r'S\.txt, line 4 has 6 columns, the lines before'),
    'decimal comma': (GT.replace('12,5', '12,5,5'), r'S\.txt, line 2 has 10 columns'),
}


@pytest.mark.parametrize('kind', RESULTS)
def test_results_with_rows_of_two_kinds(tmp_path, kind, capsys):
    text, message = RESULTS[kind]
    (tmp_path / 'S.txt').write_text(text)
    assert evaluate.main([str(sequence(tmp_path / 'S')), str(tmp_path / 'S.txt')]) == 1
    assert_line(capsys.readouterr().err, 'error', message)


def test_results_that_are_not_scored_are_named(tmp_path, capsys):
    sequence(tmp_path / 'set' / 'S')
    (sequence(tmp_path / 'set' / 'T') / 'gt' / 'gt.txt').unlink()
    (tmp_path / 'res').mkdir()
    for name in ('S', 'U'):
        (tmp_path / 'res' / f'{name}.txt').write_text(GT)
    assert evaluate.main([str(tmp_path / 'set'), str(tmp_path / 'res')]) == 0
    assert '2 not scored, for there is no ground truth of them' in capsys.readouterr().out


def test_a_proposal_file_of_before_is_sealed_by_who_trusts_it(tmp_path, capsys):
    new, old = tmp_path / 'new.proposals', tmp_path / 'old.proposals'
    write_proposals(new, [('a.jpg', (9, 9), np.array([[0, 0, 5, 5]]), [0.5])])
    old.write_bytes(new.read_bytes()[:-32].replace(b'"version": 2', b'"version": 1'))
    with pytest.raises(ValueError, match=r'old\.proposals is of version 1.*convert proposals seal'):
        ProposalStore(old)
    assert convert_proposals.main(['seal', str(old), str(tmp_path / 'sealed')]) == 0
    assert ProposalStore(tmp_path / 'sealed')['a.jpg'].scores.tolist() == [0.5]
    assert convert_proposals.main(['to-det-db', str(old), str(tmp_path / 'x.json')]) == 1
    assert_line(capsys.readouterr().err, 'convert_det_db', 'no digest')


WEIGHTS = {
    'whole numbers': (lambda w: w.int(), 'int32, strided; expected dense floats'),
    'booleans': (lambda w: w > 0, 'bool, strided; expected dense floats'),
    'out of range': (lambda w: w.double() * 1e300 + 1e300, 'leaves the range of torch.float32'),
    'complex': (lambda w: w.to(torch.complex64), 'is complex'),
    'sparse': (lambda w: w.to_sparse(), 'is sparse or without values'),
    'zeros': (lambda w: w * 0, 'all weights are 0'),
}


@pytest.mark.parametrize('kind', WEIGHTS)
def test_weights_of_another_kind(tmp_path, kind):
    change, message = WEIGHTS[kind]
    model, path = ToyModel(), tmp_path / 'w.pth'
    torch.save(dict(state_dict={k: change(v) for k, v in model.state_dict().items()}), path)
    with pytest.raises(CheckpointError, match=rf'w\.pth: .*{message}'):
        load_checkpoint(model, path)
