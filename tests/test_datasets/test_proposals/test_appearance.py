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
