"""Frames and labels of a sequence."""

from __future__ import annotations

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.renderer import SequenceRenderer


def renderer(seed: int, index: int = 0, frames: int = 12, **changes) -> SequenceRenderer:
    settings = dict(frames=frames, size=(192, 112), people=(5, 9), frame_rate=10)
    return SequenceRenderer(np.random.default_rng(seed), index=index, **{**settings, **changes})


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


@pytest.mark.parametrize('size', [(64, 64), (320, 80), (80, 320)])
def test_unusual_shapes_are_possible(size):
    image, labels = next(iter(renderer(0, frames=1, size=size, people=(1, 2))))
    assert image.shape == (size[1], size[0], 3)
    assert image.std() > 5
    assert all(0 <= label.visibility <= 1 for label in labels)
