"""The synthetic set: layout, determinism, labels that fit the pictures, resuming, refusals."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from vsd_mot.datasets.synthetic import SyntheticSettings, make_synthetic_set
from vsd_mot.datasets.synthetic.figure import Appearance, FigurePainter, Pose
from vsd_mot.datasets.synthetic.motion import CameraPath
from vsd_mot.datasets.synthetic.renderer import SequenceRenderer
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


def person(**changes) -> Appearance:
    grey = np.full(3, 100.0, np.float32)
    look = dict(stature=1.7, build=1.0, shirt=grey, trim=grey, pattern='plain', trousers=grey)
    look.update(skin=grey, hair=grey, shoes=grey)
    return Appearance(**{**look, **changes})


def renderer(seed: int, index: int = 0, frames: int = 12, **changes) -> SequenceRenderer:
    settings = dict(frames=frames, size=(192, 112), people=(5, 9), frame_rate=10)
    return SequenceRenderer(np.random.default_rng(seed), index, **{**settings, **changes})


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
        # Who is hardly seen is neither asked for nor punished when found: mark 0, distractor.
        seen = gt[:, 8] >= MIN_VISIBILITY
        assert np.array_equal(gt[:, 6] == 1, seen)
        assert np.array_equal(gt[:, 7], np.where(seen, 1, 8))


def test_same_bytes_for_a_seed_whatever_the_workers_and_the_number_of_sequences(tmp_path):
    make_synthetic_set(tmp_path / 'one', SMALL, workers=1, progress=False)
    more = replace(SMALL, train_sequences=3)
    make_synthetic_set(tmp_path / 'two', more, workers=2, progress=False)
    one, two = digest(tmp_path / 'one'), digest(tmp_path / 'two')
    assert len(one) == 1 + 3 * (4 + 2)
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
    with pytest.raises(ValueError, match=r'other settings \(seed: 3 there, 9 asked\)'):
        make_synthetic_set(root, replace(one, seed=9), progress=False)
    make_synthetic_set(root, replace(one, train_sequences=2), progress=False)
    with pytest.raises(ValueError, match=r'not asked for: SYN-T02'):
        make_synthetic_set(root, one, progress=False)
    assert json.loads((root / 'synthetic.json').read_text())['seed'] == 3


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(seed=-1), 'seed must not be negative'),
        (dict(train_sequences=0, val_sequences=0), 'not both zero'),
        (dict(frames=0), 'frames must be at least 1'),
        (dict(width=20), 'at least 64 x 64, got 20 x 224'),
        (dict(min_people=5, max_people=4), r'1 <= min <= max, got 5 and 4'),
        (dict(frame_rate=0), 'frame_rate must be at least 1'),
        (dict(jpeg_quality=0), r'in 1..100, got 0'),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        SyntheticSettings(**changes)


def test_workers_must_be_positive(tmp_path):
    with pytest.raises(ValueError, match='workers must be at least 1, got 0'):
        make_synthetic_set(tmp_path / 'set', SMALL, workers=0)
    assert not (tmp_path / 'set').exists()


@pytest.mark.parametrize('height', [35.0, 80.0])
def test_figure_fills_its_box(height):
    """A standing person is as tall as asked for, its feet at the foot point."""
    pose = Pose(facing=(0.0, -1.0), phase=0.0, stride=0.0)
    sprite = FigurePainter().draw(person(), pose, foot=(200.25, 150.5), height=height)
    x1, y1, x2, y2 = sprite.bounding_box()
    assert y2 - y1 == pytest.approx(height, rel=0.08)
    assert y2 == pytest.approx(150.5, abs=0.06 * height)
    assert (x1 + x2) / 2 == pytest.approx(200.25, abs=1.5)
    assert 0.2 < (x2 - x1) / (y2 - y1) < 0.5
    covered = sprite.alpha > 0.99
    assert sprite.colour[covered].mean() == pytest.approx(100, rel=0.25)


def test_gait_moves_the_legs():
    """In profile the feet part and meet again: the box breathes with the steps."""
    painter = FigurePainter()
    widths = []
    for phase in np.linspace(0, 2 * np.pi, 9)[:-1]:
        pose = Pose(facing=(1.0, 0.0), phase=float(phase), stride=0.5)
        x1, _, x2, _ = painter.draw(person(), pose, (100.0, 150.0), 100.0).bounding_box()
        widths.append(x2 - x1)
    assert max(widths) > 1.6 * min(widths)
    assert widths[:4] == pytest.approx(widths[4:], abs=6), 'two steps make a cycle'


def test_clothes_and_light_show():
    bright = person(shirt=np.float32([20, 20, 220]))
    pose = Pose((0.0, -1.0), 0.0, 0.0)
    sprite = FigurePainter(light_from=-1.0).draw(bright, pose, (100.0, 200.0), 150.0)
    x1, y1, x2, y2 = (int(v) for v in sprite.bounding_box())
    rows = slice(y1 + int(0.25 * (y2 - y1)) - sprite.top, y1 + int(0.4 * (y2 - y1)) - sprite.top)
    chest = sprite.colour[rows][sprite.alpha[rows] > 0.99]
    assert chest[:, 2].mean() > 5 * chest[:, 0].mean()
    middle = (x1 + x2) // 2 - sprite.left
    left = sprite.colour[rows, middle - 12 : middle - 6, 2].mean()
    right = sprite.colour[rows, middle + 6 : middle + 12, 2].mean()
    assert left > 1.03 * right, 'the side towards the light is brighter'


def test_visibility_is_measured_on_the_masks(monkeypatch):
    """Independent check: paint everyone in a flat colour of its own, and count the pixels."""
    seed = 5
    rendered = renderer(seed, index=0, frames=6)
    compose = SequenceRenderer._compose
    checked = 0

    def check(self, image, layers):
        nonlocal checked
        labels = compose(self, image, layers)
        owner = np.zeros(image.shape[:2], int)
        totals, everything = {}, {}
        for number, (_, thing, sprite) in enumerate(layers, start=1):
            rows, columns = np.nonzero(sprite.alpha > 0.5)
            totals[number] = len(rows)
            everything[number] = getattr(thing, 'track_id', None)
            rows, columns = rows + sprite.top, columns + sprite.left
            inside = (rows >= 0) & (rows < owner.shape[0]) & (columns >= 0)
            inside &= columns < owner.shape[1]
            owner[rows[inside], columns[inside]] = number
        by_id = {label.track_id: label for label in labels}
        for number, track_id in everything.items():
            if track_id in by_id:
                share = (owner == number).sum() / totals[number]
                assert by_id[track_id].visibility == pytest.approx(share, abs=0.06)
                checked += 1
        return labels

    monkeypatch.setattr(SequenceRenderer, '_compose', check)
    assert len(list(rendered)) == 6
    assert checked > 20


def test_nearer_people_hide_those_behind():
    """Over many frames someone is hidden by someone else who stands nearer."""
    hidden = [label for _, labels in renderer(1, frames=40) for label in labels]
    shares = np.array([label.visibility for label in hidden])
    assert (shares < 0.6).mean() > 0.05
    assert (shares > 0.9).mean() > 0.4
    assert shares.min() >= 0
    assert shares.max() <= 1


def test_people_come_and_go_and_resemble_each_other():
    sequence = renderer(2, frames=60)
    frames = [{label.track_id for label in labels} for _, labels in sequence]
    assert len(frames[-1] - frames[0]) >= 2, 'nobody came'
    assert len(frames[0] - frames[-1]) >= 2, 'nobody left'
    assert 3 <= np.mean([len(people) for people in frames]) <= 12
    shirts = {tuple(np.round(s.look.shirt / s.look.shirt.max(), 2)) for s in sequence.states[0]}
    assert len(shirts) <= 3, 'more looks than teams'


def test_styles_lights_and_cameras_take_turns():
    sequences = [renderer(0, index, frames=30) for index in range(4)]
    assert [s.style for s in sequences] == ['plaza', 'street', 'park', 'stage']
    assert {s.lighting for s in sequences} == {'sun', 'overcast', 'dusk', 'night'}
    assert {s.camera_kind for s in sequences} == {'static', 'pan', 'handheld', 'zoom'}
    for sequence in sequences:
        assert 0.005 < np.ptp(sequence.gain) < 0.8, 'the light drifts'


def camera_path(kind: str, seed: int) -> CameraPath:
    return CameraPath(np.random.default_rng(seed), 40, (192, 112), (308, 144), kind)


@pytest.mark.parametrize(
    ('kind', 'least', 'most'),
    [('static', 0, 1.5), ('pan', 15, 100), ('handheld', 2, 40), ('zoom', 0, 20)],
)
def test_camera_moves_as_its_kind_says(kind, least, most):
    for seed in range(5):
        camera = camera_path(kind, seed)
        moved = np.hypot(*(camera.centre.max(0) - camera.centre.min(0)))
        assert least <= moved <= most
        assert (np.ptp(camera.zoom) > 0.02) == (kind == 'zoom')


@pytest.mark.parametrize('kind', CameraPath.KINDS)
def test_camera_never_leaves_the_canvas(kind):
    corners = np.array([[0, 0], [191, 0], [0, 111], [191, 111]])
    for seed in range(5):
        camera = camera_path(kind, seed)
        for frame in range(40):
            matrix = camera.matrix(frame)
            canvas = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
            assert canvas.min() >= 0
            assert (canvas <= np.array(camera.canvas) - 1).all()


@pytest.mark.parametrize('size', [(64, 64), (320, 80), (80, 320)])
def test_unusual_shapes_are_possible(size):
    image, labels = next(iter(renderer(0, frames=1, size=size, people=(1, 2))))
    assert image.shape == (size[1], size[0], 3)
    assert image.std() > 5
    assert all(0 <= label.visibility <= 1 for label in labels)


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
