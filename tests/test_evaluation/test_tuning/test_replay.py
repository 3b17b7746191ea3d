"""Trackers run on stored proposals."""

import numpy as np
import pytest
from mmengine.config import Config

from vsd_mot.evaluation.tuning import ProposalReplay, read_sequences
from walking_people import BYTETRACK, FRAMES, HYBRID


@pytest.mark.parametrize('model', [BYTETRACK, HYBRID])
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
