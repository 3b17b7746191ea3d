"""A detector runs over a data set."""

import numpy as np
import pytest

from detection_samples import PIPELINE, write_frames_to_detect
from random_detector import random_detector
from vsd_mot.datasets.proposals import ProposalStore, make_proposals


@pytest.fixture(scope='module')
def model():
    return random_detector((64, 64))


@pytest.fixture
def frames(tmp_path):
    """Root and keys of seven frames."""
    return tmp_path / 'set', write_frames_to_detect(tmp_path / 'set')


META = dict(detector='tiny', score_thr=0.05)


def make(model, frames, out, **kwargs):
    root, keys = frames
    options = dict(batch_size=2, workers=0, part_size=3, meta=META)
    return make_proposals(model, PIPELINE, root=root, keys=keys, out=out, **{**options, **kwargs})


def test_all_frames_in_order(model, frames, tmp_path):
    report = make(model, frames, tmp_path / 'p')
    store = ProposalStore(tmp_path / 'p')
    assert list(store) == frames[1]
    assert (report.frames, report.made, report.broken) == (7, 7, {})
    assert report.proposals == store.num_proposals > 0
    assert store.meta == META
    assert store.image_size(frames[1][0]) == (64, 64)
    assert not (tmp_path / 'p.parts').exists()


def test_goes_on_after_a_kill(model, frames, tmp_path, monkeypatch):
    complete = tmp_path / 'complete'
    make(model, frames, complete)

    calls = []
    step = model.test_step

    def dies(data):
        calls.append(data)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return step(data)

    monkeypatch.setattr(model, 'test_step', dies)
    with pytest.raises(KeyboardInterrupt):
        make(model, frames, tmp_path / 'p')
    assert not (tmp_path / 'p').exists()
    monkeypatch.setattr(model, 'test_step', step)
    report = make(model, frames, tmp_path / 'p')
    assert report.made == 4, 'the first part, of three frames, was kept'
    assert report.frames == 7
    first, second = ProposalStore(complete), ProposalStore(tmp_path / 'p')
    assert list(first) == list(second)
    for key in first:
        np.testing.assert_allclose(first[key][0], second[key][0], atol=0.02)


def test_called_again_does_nothing_and_a_grown_set_is_added_to(model, frames, tmp_path):
    root, keys = frames
    make(model, (root, keys[:4]), tmp_path / 'p')
    assert make(model, (root, keys[:4]), tmp_path / 'p').made == 0
    report = make(model, frames, tmp_path / 'p')
    assert (report.made, report.frames) == (3, 7)
    assert list(ProposalStore(tmp_path / 'p')) == keys


def test_proposals_of_another_detector_are_not_mixed_in(model, frames, tmp_path):
    make(model, frames, tmp_path / 'p')
    with pytest.raises(ValueError, match='made otherwise'):
        make(model, frames, tmp_path / 'p', meta=dict(META, detector='other'))


def test_broken_frames_are_named_and_the_others_kept(model, frames, tmp_path):
    root, keys = frames
    whole = (root / keys[2]).read_bytes()
    (root / keys[2]).write_bytes(whole[:200])
    (root / keys[5]).unlink()
    report = make(model, frames, tmp_path / 'p')
    assert sorted(report.broken) == [keys[2], keys[5]]
    assert keys[2] in report.broken[keys[2]]
    assert 'there is no image' in report.broken[keys[5]]
    assert report.made == 5
    assert not (tmp_path / 'p').exists()

    (root / keys[2]).write_bytes(whole)
    (root / keys[5]).write_bytes(whole)
    report = make(model, frames, tmp_path / 'p')
    assert (report.made, report.frames) == (2, 7)
    assert list(ProposalStore(tmp_path / 'p')) == keys
