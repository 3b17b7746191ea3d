"""Trackers run on stored proposals."""

import shutil

import cv2
import numpy as np
import pytest
from mmengine.config import Config

from vsd_mot.errors import ImageError
from vsd_mot.evaluation.tuning import ProposalReplay, read_sequences
from walking_people import BOTSORT, BYTETRACK, FRAMES, HYBRID, SORT


@pytest.mark.parametrize('model', [BYTETRACK, SORT, HYBRID, BOTSORT])
def test_a_replay_tracks_who_is_sure(stored, model):
    (sequence,) = read_sequences(stored / 'set', stored / 'set.proposals')
    lines = ProposalReplay(Config(dict(model=model)))(sequence).splitlines()
    rows = np.array([line.split(',') for line in lines], float)
    assert rows[:, 0].tolist() == list(range(1, FRAMES + 1))
    assert (rows[:, 1] == 1).all()
    np.testing.assert_allclose(rows[:, 2], 10 + 2 * rows[:, 0], atol=1)


def test_a_lifecycle_that_needs_a_decoder_is_refused():
    with pytest.raises(ValueError, match='scores of a decoder'):
        ProposalReplay(Config(dict(model=dict(lifecycle=dict(type='TrackLifecycle')))))


def test_camera_motion_looks_at_the_images(stored):
    (sequence,) = read_sequences(stored / 'set', stored / 'set.proposals')
    model = dict(BOTSORT, tracker=dict(BOTSORT['tracker'], camera_motion=True))
    replay = ProposalReplay(Config(dict(model=model)))
    # They are empty files until here.
    with pytest.raises(ImageError, match=r'000001\.jpg'):
        replay(sequence)
    rng = np.random.default_rng(0)
    view = cv2.resize(rng.integers(0, 255, (20, 40, 3), dtype=np.uint8), (200, 100))
    for image in (sequence.folder / 'img1').iterdir():
        cv2.imwrite(str(image), view)
    # The camera stands still.
    still = ProposalReplay(Config(dict(model=BOTSORT)))
    assert replay(sequence) == still(sequence)


def test_sequences_of_another_split_are_left_out(stored):
    shutil.copytree(stored / 'set' / 'walk', stored / 'set' / 'other')
    sequences = read_sequences(stored / 'set', stored / 'set.proposals')
    assert [sequence.folder.name for sequence in sequences] == ['walk']
    (stored / 'set' / 'walk' / 'img1' / f'{FRAMES + 1:06d}.jpg').touch()
    with pytest.raises(KeyError, match='walk'):
        read_sequences(stored / 'set', stored / 'set.proposals')
    shutil.rmtree(stored / 'set' / 'walk')
    with pytest.raises(KeyError, match='other'):
        read_sequences(stored / 'set', stored / 'set.proposals')
