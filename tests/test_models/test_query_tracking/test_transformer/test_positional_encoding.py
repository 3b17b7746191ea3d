"""Sine embeddings of numbers and boxes."""

import math

import torch

from vsd_mot.models.query_tracking.transformer import box_embedding, sine_embedding


def test_sine_embedding_against_the_formula():
    value, dims = 0.37, 8
    expected = []
    for i in range(dims):
        angle = value * 2 * math.pi / 10000 ** (2 * (i // 2) / dims)
        expected.append(math.sin(angle) if i % 2 == 0 else math.cos(angle))
    torch.testing.assert_close(
        sine_embedding(torch.tensor([value]), dims)[0], torch.tensor(expected)
    )


def test_box_embedding_has_a_quarter_for_each_coordinate():
    box = torch.tensor([[0.1, 1.2, 0.3, 0.4]])
    embedded = box_embedding(box, 32)
    assert embedded.shape == (1, 32)
    torch.testing.assert_close(embedded[0, 8:16], sine_embedding(box[0, 1], 8))
