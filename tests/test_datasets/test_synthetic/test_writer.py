"""The synthetic set: layout, determinism, resuming, refusals."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from vsd_mot.datasets.descriptions import read_descriptions
from vsd_mot.datasets.synthetic import SyntheticSettings, make_synthetic_set
from vsd_mot.datasets.synthetic.writer import MIN_VISIBILITY
from vsd_mot.video.label_files import read_label_map

SMALL = SyntheticSettings(
    seed=3, train_sequences=2, val_sequences=1, frames=4, width=128, height=96
)


def digest(root: Path) -> dict[str, str]:
    """Hash of every file below a folder."""
    return {
        path.relative_to(root).as_posix(): hashlib.md5(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob('*'))
        if path.is_file()
    }


def read_gt(sequence: Path) -> np.ndarray:
    return np.loadtxt(sequence / 'gt' / 'gt.txt', delimiter=',', ndmin=2)


def test_layout_and_columns(synthetic_set):
    sequences = sorted(p for split in ('train', 'val') for p in (synthetic_set / split).iterdir())
    assert [p.name for p in sequences] == ['SYN-T01', 'SYN-T02', 'SYN-V01', 'SYN-V02']
    for sequence in sequences:
        info = (sequence / 'seqinfo.ini').read_text()
        assert 'seqLength=10\nimWidth=192\nimHeight=112\n' in info
        images = sorted((sequence / 'img1').iterdir())
        assert [p.name for p in images] == [f'{k:06d}.jpg' for k in range(1, 11)]
        assert cv2.imread(str(images[0])).shape == (112, 192, 3)
        gt = read_gt(sequence)
        assert gt.shape[1] == 9
        assert set(gt[:, 0]) == set(range(1, 11))
        assert gt[:, 1].min() >= 1
        assert len(np.unique(gt[:, :2], axis=0)) == len(gt), 'an identity twice in a frame'
        left, top, width, height = gt[:, 2:6].T
        assert left.min() >= 0
        assert top.min() >= 0
        assert (left + width).max() <= 192
        assert (top + height).max() <= 112
        # Who is hardly visible is neither missed nor false when tracked: mark 0, distractor.
        seen = gt[:, 8] >= MIN_VISIBILITY
        assert np.array_equal(gt[:, 6] == 1, seen)
        assert np.array_equal(gt[:, 7], np.where(seen, 1, 8))


def test_same_bytes_for_a_seed_whatever_the_workers_and_the_number_of_sequences(tmp_path):
    make_synthetic_set(tmp_path / 'one', SMALL, workers=1, progress=False)
    more = replace(SMALL, train_sequences=3)
    make_synthetic_set(tmp_path / 'two', more, workers=2, progress=False)
    one, two = digest(tmp_path / 'one'), digest(tmp_path / 'two')
    assert len(one) == 1 + 3 * (4 + 3)  # pictures; ground truth, seqinfo, descriptions
    assert one.items() <= two.items()
    assert all('SYN-T03' in name for name in two.keys() - one.keys())
    make_synthetic_set(tmp_path / 'other', replace(SMALL, seed=4), progress=False)
    other = digest(tmp_path / 'other')
    assert all(other[name] != one[name] for name in one if name.endswith(('.jpg', 'gt.txt')))
    pictures = [value for name, value in one.items() if name.endswith('.jpg')]
    assert len(set(pictures)) == len(pictures)


def test_continues_where_it_stopped(tmp_path):
    root = tmp_path / 'set'
    make_synthetic_set(root, SMALL, progress=False)
    whole = digest(root)
    # As after a kill: one sequence missing, another half made, the third complete.
    shutil.rmtree(root / 'train' / 'SYN-T01')
    (root / 'val' / 'SYN-V01').rename(root / 'val' / '.partial-SYN-V01')
    (root / 'val' / '.partial-SYN-V01' / 'gt' / 'gt.txt').unlink()
    kept = (root / 'train' / 'SYN-T02' / 'seqinfo.ini').stat().st_mtime_ns
    make_synthetic_set(root, SMALL, progress=False)
    assert digest(root) == whole
    assert (root / 'train' / 'SYN-T02' / 'seqinfo.ini').stat().st_mtime_ns == kept


def test_describes_its_people_also_in_a_set_of_an_earlier_version(tmp_path):
    make_synthetic_set(tmp_path / 'set', SMALL, progress=False)
    whole = digest(tmp_path / 'set')
    sequence = tmp_path / 'set' / 'train' / 'SYN-T01'
    described = read_descriptions(sequence / 'descriptions.json')
    rows = (sequence / 'gt' / 'gt.txt').read_text().splitlines()
    assert set(described.instances) == {int(row.split(',')[1]) for row in rows}
    assert all(person.shirt and person.pants for person in described.instances.values())
    assert described.scene.camera
    assert described.scene.weather
    (sequence / 'descriptions.json').unlink()
    make_synthetic_set(tmp_path / 'set', SMALL, progress=False)
    assert digest(tmp_path / 'set') == whole


def test_refuses_folders_that_are_not_its_own(tmp_path):
    foreign = tmp_path / 'foreign'
    foreign.mkdir()
    (foreign / 'thesis.txt').write_text('do not touch')
    with pytest.raises(ValueError, match=r'foreign is not empty and holds no synthetic.json'):
        make_synthetic_set(foreign, SMALL, progress=False)
    assert [p.name for p in foreign.iterdir()] == ['thesis.txt']

    root = tmp_path / 'set'
    one = replace(SMALL, train_sequences=1, val_sequences=0, frames=1)
    make_synthetic_set(root, one, progress=False)
    with pytest.raises(ValueError, match=r'other settings \(seed: 3, now 9\)'):
        make_synthetic_set(root, replace(one, seed=9), progress=False)
    make_synthetic_set(root, replace(one, train_sequences=2), progress=False)
    with pytest.raises(ValueError, match=r'not asked for: SYN-T02'):
        make_synthetic_set(root, one, progress=False)
    assert json.loads((root / 'synthetic.json').read_text())['seed'] == 3


def test_workers_must_be_positive(tmp_path):
    with pytest.raises(ValueError, match='workers must be at least 1, got 0'):
        make_synthetic_set(tmp_path / 'set', SMALL, workers=0)
    assert not (tmp_path / 'set').exists()


def test_label_maps_show_whom_each_pixel_shows(tmp_path: Path) -> None:
    settings = SyntheticSettings(
        seed=3, train_sequences=1, val_sequences=0, frames=3, width=192, height=112, label_maps=True
    )
    (sequence,) = make_synthetic_set(tmp_path / 'set', settings, progress=False)
    rows = np.loadtxt(sequence / 'gt/gt.txt', delimiter=',').reshape(-1, 9)
    for frame in (1, 2, 3):
        labels = read_label_map(sequence / f'labels/{frame:06d}.png')
        assert labels.shape == (112, 192)
        people = {int(row[1]): row for row in rows if row[0] == frame}
        assert set(np.unique(labels)) - {0} <= set(people)
        for identity, row in people.items():
            ys, xs = np.nonzero(labels == identity)
            if row[8] > 0.5:  # seen for the most part
                assert len(ys) > 0
            if len(ys):
                left, top, width, height = row[2:6]
                assert left - 2 <= xs.min()
                assert xs.max() <= left + width + 2
                assert top - 2 <= ys.min()
                assert ys.max() <= top + height + 2
