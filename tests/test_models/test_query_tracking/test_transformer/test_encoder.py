"""Frames through the encoder."""

import pytest
import torch

from transformer_samples import C, maps, transformer_parts

pytestmark = pytest.mark.usefixtures('double_precision')


@pytest.fixture
def parts():
    return transformer_parts()


def test_a_batch_of_frames_is_encoded_as_each_frame_alone(parts):
    encoder = parts[0]
    features = maps(3)
    together = encoder(features)
    for index, frame in enumerate(together):
        alone = encoder([level[index : index + 1] for level in features])[0]
        torch.testing.assert_close(frame.memory, alone.memory, atol=1e-9, rtol=1e-9)
        assert frame.spatial_shapes == [(6, 9), (3, 5)]
        assert frame.memory.shape == (6 * 9 + 3 * 5, C)
