"""Propagation over scales: shapes, batches, and what it reads from."""

import pytest
import torch

from vsd_mot.models.mask_tracking.propagation import (
    MaskFeatures,
    MultiScalePropagation,
    Upscale,
    as_map,
)


@pytest.fixture
def propagation():
    torch.manual_seed(0)
    widths = dict(channels=16, fine_channels=8, finest_channels=8, num_layers=2, window=3)
    return MultiScalePropagation(**widths).double().eval()


def features(batch=1, seed=0):
    torch.manual_seed(seed)
    sizes = ((16, 2, 3), (8, 4, 6), (8, 8, 12))
    return MaskFeatures(*(torch.randn(batch, *size).double() for size in sizes))


def embeddings(batch=1):
    torch.manual_seed(9)
    return torch.randn(batch, 6, 16).double(), torch.randn(batch, 24, 8).double()


def test_a_reference_pass_and_what_follows_it(propagation):
    decoded, keys = propagation(features(), embeddings=embeddings())
    assert decoded.shape == (1, 16, 8, 12)
    assert len(keys) == 3  # two coarse layers and the fine one
    memory = propagation.remember(keys, embeddings())
    assert [one.keys.shape[1] for one in memory] == [6, 6, 24]
    followed, _ = propagation(features(seed=1), memory=(memory, memory))
    assert followed.shape == (1, 16, 8, 12)
    assert torch.isfinite(followed).all()
    with pytest.raises(ValueError, match='give one of them'):
        propagation(features())


def test_frames_of_a_batch_do_not_mix(propagation):
    both = features(batch=2)
    together, _ = propagation(both, embeddings=embeddings(2))
    for at in range(2):
        one = slice(at, at + 1)
        alone, _ = propagation(both[one], embeddings=tuple(e[one] for e in embeddings(2)))
        torch.testing.assert_close(alone, together[one])


def test_one_frame_stands_for_many():
    expanded = features().expand(3)
    assert [len(part) for part in (expanded.coarse, expanded.fine, expanded.finest)] == [3, 3, 3]
    assert torch.equal(expanded[2:].fine, features().fine)


def test_branches_come_to_the_size_of_the_encoders_map():
    torch.manual_seed(0)
    visual, identity = Upscale(16, 8)(
        torch.randn(1, 16, 2, 3), torch.randn(1, 16, 2, 3), torch.randn(1, 8, 5, 6)
    )
    assert visual.shape == identity.shape == (1, 8, 5, 6)
    assert (visual >= 0).all()


def test_tokens_become_a_map_row_by_row():
    tokens = torch.arange(12).reshape(1, 6, 2)
    assert as_map(tokens, (2, 3))[0, 0].tolist() == [[0, 2, 4], [6, 8, 10]]
