import numpy as np
import pytest

from vsd_mot.datasets.proposals import ProposalStore, write_proposals
from vsd_mot.datasets.proposals.plausible import implausible
from vsd_mot.datasets.proposals.sealing import is_sealed, seal


def test_one_flipped_bit_breaks_the_seal(tmp_path):
    path = tmp_path / 'a.bin'
    path.write_bytes(b'content')
    seal(path)
    whole = path.read_bytes()
    assert is_sealed(path)
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert not is_sealed(path)
    path.write_bytes(whole[:-1])
    assert not is_sealed(path)
    path.write_bytes(b'')
    assert not is_sealed(path)


def test_a_proposal_file_with_one_flipped_bit(tmp_path):
    """P13: 10 of 12 such files were used in silence."""
    path = tmp_path / 'a.proposals'
    boxes = np.array([[1, 2, 30, 40]], np.float32)
    write_proposals(path, [(f'a/{k}.jpg', (64, 96), boxes, [0.9]) for k in range(5)])
    whole = path.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(whole), 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        with pytest.raises(ValueError, match=r'a\.proposals'):
            ProposalStore(path)


@pytest.mark.parametrize(
    ('box', 'score', 'fault'),
    [
        ([0, 0, np.nan, 1], 0.5, 'a box that is not finite'),
        ([0, 0, 1e30, 1], 0.5, 'a box beyond any picture'),
        ([5, 0, 1, 1], 0.5, 'a box of negative size'),
        ([0, 0, 1, 1], np.inf, 'a score that is not finite'),
        ([0, 0, 1, 1], 1e9, 'a score that no detector gives'),
    ],
)
def test_detections_that_cannot_be(tmp_path, box, score, fault):
    boxes, scores = np.array([[0, 0, 1, 1], box]), np.array([0.5, score])
    assert implausible(boxes, scores).startswith(fault)
    assert implausible(boxes[:1], scores[:1]) is None
    with pytest.raises(ValueError, match=f'a.jpg has {fault}'):
        write_proposals(tmp_path / 'a.proposals', [('a.jpg', (0, 0), boxes, scores)])
