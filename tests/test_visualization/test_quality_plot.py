"""The curve of a video."""

import os

import cv2
import pytest

from canvases import share_of
from vsd_mot.visualization import (
    plot_quality,
)


def test_plot_is_written_whole(tmp_path):
    semantics = [dict(quality=i / 30, semantic_weight=1 - i / 30, noise=0.2) for i in range(30)]
    semantics[4] = {}
    path = plot_quality(semantics, tmp_path / 'curve.png', title='walk')
    picture = cv2.imread(str(path))
    assert picture.shape[1] == 1200
    green, violet = (110, 158, 47), (246, 92, 139)
    assert share_of(picture, green, 30) > 0.001
    assert share_of(picture, violet, 30) > 0.001
    assert os.listdir(tmp_path) == ['curve.png']
    assert plot_quality([dict(quality=0.5)], tmp_path / 'one.svg').read_text().startswith('<?xml')
    with pytest.raises(ValueError, match='no frame has a quality'):
        plot_quality([{}, {}], tmp_path / 'none.png')
