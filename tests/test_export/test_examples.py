"""Inputs for tracing and comparing."""

import torch

from vsd_mot.export.examples import Examples, pictures


def test_counts_and_shapes() -> None:
    examples = Examples(
        size=(32, 48),
        detector_size=(16, 24),
        tokens=torch.zeros(10, 8),
        rates_frames=True,
        feature_dims=6,
    )
    assert examples.make('encoder', 2)[0].shape == (2, 3, 32, 48)
    assert examples.make('detector', 3)[0].shape == (3, 3, 16, 24)
    assert [one.shape for one in examples.make('queries', 0)] == [(0, 4), (0,)]
    assert [len(one) for one in examples.make('handover', 5)] == [5] * 5
    tokens, boxes, contents, quality, feature = examples.make('step', 4)
    assert (tokens.shape, boxes.shape, contents.shape, quality.shape, feature.shape) == (
        (10, 8),
        (4, 4),
        (4, 8),
        (),
        (1, 6),
    )


def test_pictures_have_structure_and_grain() -> None:
    frames = pictures(1, (64, 96), torch.Generator().manual_seed(0)).float()
    assert frames.std() > 20
    assert (frames[..., 1:] - frames[..., :-1]).abs().mean() > 5
