"""Resizing by torch agrees with OpenCV's."""

import numpy as np
import pytest

from degradation_samples import to_tensor
from vsd_mot.degradation import (
    numpy_backend,
    torch_resize,
)


@pytest.mark.parametrize('interpolation', ['area', 'bilinear', 'bicubic'])
@pytest.mark.parametrize('size', [(80, 104), (51, 77), (23, 31), (223, 290), (160, 208)])
def test_resizes_agree(photo, interpolation, size):
    a = numpy_backend.resize(photo, size, interpolation).astype(float)
    b = torch_resize.resize(to_tensor(photo).float(), size, interpolation)
    b = b.permute(1, 2, 0).numpy()
    assert a.shape == (*size, 3)
    assert np.abs(a - b).max() <= 2
    assert np.abs(a - b).mean() < 0.5
