"""Identities as vectors, where their objects are."""

import pytest
import torch

from vsd_mot.models.mask_tracking.identity_bank import KERNEL, IdentityBank


@pytest.fixture
def bank():
    torch.manual_seed(0)
    return IdentityBank(max_objects=3, coarse_channels=8, fine_channels=4).double()


def test_channels_are_the_objects_and_other_labels_are_in_none(bank):
    labels = torch.tensor([[[0, 1, 3], [255, 2, 4]]])
    channels = bank.one_hot(labels)
    assert channels.shape == (1, 4, 2, 3)
    assert channels.dtype == torch.float32
    expected = torch.tensor([[1, 1, 1], [0, 1, 0]])
    assert torch.equal(channels.sum(dim=1)[0].long(), expected)
    assert channels[0, 3].tolist() == [[0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize('size', [(33, 49), (40, 60)])
def test_tokens_of_both_scales(bank, size):
    labels = torch.zeros(2, *size, dtype=torch.long)
    coarse, fine = bank(bank.one_hot(labels, torch.float64))
    places = [[-(-side // stride) for side in size] for stride in (16, 8)]
    assert coarse.shape == (2, places[0][0] * places[0][1], 8)
    assert fine.shape == (2, places[1][0] * places[1][1], 4)


def test_an_object_changes_the_tokens_around_it_alone(bank):
    empty = torch.zeros(1, 81, 81, dtype=torch.long)
    labels = empty.clone()
    labels[:, 30:34, 30:34] = 2
    coarse, _ = bank(bank.one_hot(labels, torch.float64))
    background, _ = bank(bank.one_hot(empty, torch.float64))
    changed = (coarse - background).abs().sum(-1)[0].unflatten(0, (6, 6)) > 1e-12
    reach = [at for at in range(6) if 30 - KERNEL // 2 <= 16 * at <= 33 + KERNEL // 2]
    expected = torch.zeros(6, 6, dtype=torch.bool)
    expected[reach[0] : reach[-1] + 1, reach[0] : reach[-1] + 1] = True
    assert torch.equal(changed, expected)
    other = bank.one_hot(torch.where(labels == 2, 3, labels), torch.float64)
    assert not torch.allclose(bank(other)[0], coarse)
