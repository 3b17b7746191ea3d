"""The image embedding as semantics of every query."""

import pytest
import torch

from vsd_mot.models.frames import FrameBatch
from vsd_mot.models.semantics import CLIPBranch
from vse_samples import description, frames, small_branch


def test_all_frames_are_encoded_in_one_batch():
    branch = CLIPBranch(dict(type='ColourEncoder'))
    features = branch.describe(frames(5))
    assert features.shape == (5, 1024)
    assert branch.encoder.calls == 1
    assert not features.requires_grad


def test_the_encoder_sees_the_real_frame_without_its_padding():
    """Neither the normalised image nor the padded part of the frame reaches it."""
    branch = CLIPBranch(dict(type='ColourEncoder'))
    batch = frames(1)
    seen = branch.describe(batch)
    other = FrameBatch(torch.zeros_like(batch.images), batch.raw.clone(), batch.sizes)
    other.raw[:, :, 40:] = 255
    other.raw[:, :, :, 60:] = 255
    assert torch.equal(branch.describe(other), seen)
    other.raw[:, :, :20] = 255
    assert not torch.equal(branch.describe(other), seen)


def test_a_batch_of_frames_gives_what_single_frames_give():
    branch = small_branch().eval()
    together = branch.describe(frames(3))
    batch = frames(3)
    for index, one in enumerate(together):
        alone = FrameBatch(
            batch.images[index : index + 1], batch.raw[index : index + 1], batch.sizes[:1]
        )
        torch.testing.assert_close(branch.describe(alone)[0].image_feature, one.image_feature)


def test_the_encoder_never_trains():
    branch = small_branch().train()
    assert not branch.source.encoder.training
    assert not any(p.requires_grad for p in branch.source.encoder.parameters())


def test_every_query_gets_the_same_semantics():
    branch = CLIPBranch(dict(type='ColourEncoder'), embed_dims=64)
    semantics = branch(torch.randn(7, 64), description())
    assert semantics.shape == (7, 64)
    assert torch.equal(semantics, semantics[:1].expand(7, -1))
    widths = [layer.out_features for layer in branch.projection if hasattr(layer, 'weight')]
    assert widths == [512, 400, 300, 64]


def test_a_grid_of_tokens_is_refused():
    with pytest.raises(ValueError, match='takes one embedding of a frame'):
        CLIPBranch(dict(type='ColourEncoder', tokens='grid'))
