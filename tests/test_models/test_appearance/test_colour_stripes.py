"""People by the colours of stripes."""

import torch

from vsd_mot.models.appearance import ColourStripes


def frame_of_two():
    """A red shirt over black trousers, and a blue one over white."""
    frame = torch.full((3, 60, 80), 128, dtype=torch.uint8)
    frame[:, 10:30, 10:20] = torch.tensor([200, 0, 0])[:, None, None]
    frame[:, 30:50, 10:20] = 0
    frame[:, 10:30, 50:60] = torch.tensor([0, 0, 200])[:, None, None]
    frame[:, 30:50, 50:60] = 255
    return frame, torch.tensor([[10.0, 10, 20, 50], [50, 10, 60, 50]])


def test_stripes_are_the_colours_from_top_to_bottom():
    frame, boxes = frame_of_two()
    encoder = ColourStripes(stripes=2, unit=25.0)
    vectors = encoder(frame, boxes)
    assert vectors.shape == (2, encoder.embed_dims) == (2, 6)
    colours = vectors * encoder.unit * encoder.embed_dims**0.5 + 128
    expected = torch.tensor([[200.0, 0, 0, 0, 0, 0], [0, 255, 0, 255, 200, 255]])
    torch.testing.assert_close(colours, expected, atol=6, rtol=0)  # stripes touch at their border


def test_the_distance_is_the_difference_of_colours_in_units():
    frame = torch.full((3, 40, 40), 100, dtype=torch.uint8)
    frame[:, :, 20:] = 150
    boxes = torch.tensor([[2.0, 2, 18, 38], [22, 2, 38, 38]])
    first, second = ColourStripes(unit=25.0)(frame, boxes)
    torch.testing.assert_close((first - second).norm(), torch.tensor(2.0), atol=1e-4, rtol=0)


def test_boxes_beyond_the_frame_are_cut():
    frame, boxes = frame_of_two()
    reaching = torch.tensor([[-40.0, -30, 20, 50], [50, 10, 400, 300]])
    assert torch.isfinite(ColourStripes()(frame, reaching)).all()
    assert ColourStripes()(frame, boxes[:0]).shape == (0, 24)
