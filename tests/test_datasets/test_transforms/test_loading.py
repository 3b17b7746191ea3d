"""Frames are loaded whole, or not at all."""

import cv2
import numpy as np
import pytest

from vsd_mot.datasets.transforms import (
    LoadFrame,
)


def test_missing_image_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'gone\.jpg.*data_root'):
        LoadFrame()(dict(img_path=str(tmp_path / 'gone.jpg')))


@pytest.mark.parametrize('content', [b'', b'no image at all', None])
def test_broken_image_is_named(tmp_path, content):
    path = tmp_path / 'broken.jpg'
    if content is None:
        image = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
        whole = cv2.imencode('.jpg', image)[1].tobytes()
        content = whole[: len(whole) // 2]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'broken\.jpg cannot be read'):
        LoadFrame()(dict(img_path=str(path)))


def test_frame_loaded_twice_is_not_shared(tmp_path):
    path = tmp_path / 'frame.png'
    cv2.imwrite(str(path), np.full((4, 4, 3), 7, np.uint8))
    load = LoadFrame()
    first = load(dict(img_path=str(path)))
    first['img'][:] = 0
    second = load(dict(img_path=str(path)))
    assert second['img'].min() == 7
    assert second['ori_shape'] == (4, 4)
