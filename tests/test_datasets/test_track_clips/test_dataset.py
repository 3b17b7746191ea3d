"""Clips of detections with identities, appearance and text."""

import numpy as np
import pytest

from two_people_set import FRAMES, SIZE, build_dataset, describe, make_vectors, write_set
from vsd_mot.datasets.proposals import ProposalStore, write_proposals
from vsd_mot.models.text import BagOfWordsEncoder


def test_clips_have_identities_appearance_and_text(two_people_set):
    dataset = build_dataset(two_people_set)
    assert len(dataset) == 2
    clip = dataset[0]['data_samples']
    assert len(clip) == 2 * FRAMES
    assert clip.frames.tolist() == np.repeat(range(1, FRAMES + 1), 2).tolist()
    assert clip.identities.tolist() == [1, 2] * FRAMES  # the ground truth's own numbers
    assert clip.appearance.shape == (2 * FRAMES, 12)
    assert clip.frame_rate == 10
    expected = BagOfWordsEncoder()(['A person wearing colour2 shirt.'])[0]
    np.testing.assert_allclose(clip.descriptions[1], expected, rtol=1e-6)
    assert clip.scene.shape == (512,)


def test_published_preparation_cuts_fractions_off(tmp_path):
    root = write_set(tmp_path)
    store = ProposalStore(root / 'train.proposals')
    frames = [(key, SIZE, store[key][0] + 0.4, store[key][1]) for key in store]
    write_proposals(root / 'train.proposals', frames)
    make_vectors(root)
    boxes = build_dataset(root, description_file=None)[0]['data_samples'].boxes
    np.testing.assert_allclose(boxes[0], [17.4, 6.4, 16, 40], rtol=1e-6)
    published = build_dataset(root, description_file=None)[0]['data_samples'].as_published()
    assert published.boxes[0].tolist() == [17, 6, 16, 40]
    assert published.identities.tolist() == [1, 2] * FRAMES


def test_description_of_who_is_not_there_is_an_error(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    describe(root, people=(1, 9))
    with pytest.raises(ValueError, match=r'describes 1 identities of A .* does not have \(9\)'):
        build_dataset(root)


def test_detections_without_appearance_are_an_error(tmp_path):
    root = write_set(tmp_path)
    with pytest.raises(FileNotFoundError, match='make_appearance'):
        build_dataset(root, description_file=None)
    with pytest.raises(ValueError, match='set proposal_file'):
        build_dataset(root, proposal_file=None)


def test_too_few_detections_to_train_on_are_an_error(two_people_set):
    with pytest.raises(ValueError, match='gives no clip to train on'):
        build_dataset(two_people_set, min_score=0.95)
