"""Text in pictures."""

import numpy as np

from canvases import GREY, canvas
from vsd_mot.visualization.text import draw_text, text_mask, text_size


def test_text_is_smooth_and_cut_at_the_edge():
    image = canvas(40, 60)
    draw_text(image, 'quality', (30, 10), size=14, colour=(255, 255, 255))
    draw_text(image, 'quality', (-300, 10), size=14, colour=(255, 255, 255))
    assert len(np.unique(image)) > 20
    assert (image[:, :28] == GREY).all()
    assert 0.7 < text_mask('I', 14).max() <= 1
    assert text_size('II', 14)[0] > text_size('I', 14)[0]
    assert text_size('g', 14)[1] == text_size('I', 14)[1]
