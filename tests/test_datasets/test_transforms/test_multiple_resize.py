import numpy as np
import pytest

from vsd_mot.datasets.transforms import ResizeToMultiple


@pytest.mark.parametrize(
    ('size', 'expected'),
    [((450, 800), (352, 640)), ((480, 640), (384, 512)), ((242, 800), (192, 640)), ((9, 9), None)],
)
def test_sides_are_multiples_within_the_scale(size, expected):
    frame = dict(
        img=np.zeros((*size, 3), np.uint8), gt_bboxes=np.array([[0, 0, *size[::-1]]], 'f4')
    )
    frame = ResizeToMultiple((640, 384))(frame)
    height, width = frame['img_shape']
    assert expected in (None, (height, width))
    assert height % 32 == width % 32 == 0
    np.testing.assert_allclose(frame['gt_bboxes'], [[0, 0, width, height]], rtol=1e-6)
    assert frame['img'].shape == (height, width, 3)
