"""JPEG compression by torch agrees with OpenCV's."""

import numpy as np
import pytest

from degradation_samples import psnr, to_tensor
from vsd_mot.degradation import (
    numpy_backend,
    torch_jpeg,
)


@pytest.mark.parametrize('quality', [30, 49, 75, 95])
@pytest.mark.parametrize('crop', [(160, 208), (151, 199)])
def test_jpeg_agrees(photo, quality, crop):
    image = np.ascontiguousarray(photo[: crop[0], : crop[1]])
    a = numpy_backend.jpeg(image, quality)
    b = torch_jpeg.jpeg(to_tensor(image).float(), quality).permute(1, 2, 0).numpy()
    assert psnr(a, b) > 38
    assert psnr(image, b) == pytest.approx(psnr(image, a), abs=0.1)
