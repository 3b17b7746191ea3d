"""Appearance vectors of proposals."""

import pytest

from two_people_set import SIZE, make_vectors, write_set
from vsd_mot.datasets.proposals import AppearanceStore, ProposalStore, write_proposals


def test_appearance_of_other_proposals_is_refused(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    store = ProposalStore(root / 'train.proposals')
    frames = [(key, SIZE, *(values[:1] for values in store[key])) for key in store]
    write_proposals(root / 'other.proposals', frames)
    with pytest.raises(ValueError, match='was made for other proposals'):
        AppearanceStore(root / 'train.appearance', ProposalStore(root / 'other.proposals'))


def test_killed_making_of_appearance_goes_on(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    whole = (root / 'train.appearance').read_bytes()
    # Killed within a frame: the half frame is made again.
    (root / 'train.appearance').rename(root / 'train.appearance.part')
    with (root / 'train.appearance.part').open('r+b') as file:
        file.truncate(len(whole) - 7 * 2 * 12 - 5)
    make_vectors(root)
    assert (root / 'train.appearance').read_bytes() == whole
