"""Sentences are encoded by open_clip."""

import pytest
import torch

from vsd_mot.models.text import CLIPTextEncoder


def test_sentences_are_encoded_by_open_clip():
    encoder = CLIPTextEncoder('ViT-S-32', pretrained=None, batch_size=2)
    features = encoder(['one', 'two', 'three'])
    assert features.shape == (3, 384)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(features[1], encoder(['two'])[0], rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match='open_clip has no model'):
        CLIPTextEncoder('ViT-Z')
