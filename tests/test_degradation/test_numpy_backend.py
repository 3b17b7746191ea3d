"""Steps of the degradation on numpy images."""

import numpy as np
import pytest

from degradation_samples import psnr
from vsd_mot.degradation import KernelParams
from vsd_mot.degradation.numpy_backend import (
    blur,
    check_image,
    encode_jpeg,
    jpeg,
    resize,
    scaled_size,
)


def test_blur_keeps_the_mean_and_loses_detail(photo):
    blurred = blur(photo, KernelParams('iso', 21, 2.0, 2.0))
    assert blurred.dtype == np.uint8
    assert blurred.mean() == pytest.approx(photo.mean(), abs=0.5)
    assert np.abs(np.diff(blurred.astype(int), axis=0)).mean() < (
        0.6 * np.abs(np.diff(photo.astype(int), axis=0)).mean()
    )
    assert blur(photo, None) is photo
    assert blur(photo, KernelParams('iso', 7, 0.05, 0.05)) is photo  # narrower than a pixel


def test_resizing_to_the_same_size_does_nothing(photo):
    assert resize(photo, photo.shape[:2], 'area') is photo
    floats = resize(photo.astype(np.float32), (40, 52), 'bicubic')
    assert floats.shape == (40, 52, 3)
    assert 0 <= floats.min() <= floats.max() <= 255
    assert scaled_size((100, 50), 0.5) == (50, 25)
    assert scaled_size((3, 5), 0.01) == (1, 1)


def test_higher_quality_is_nearer_and_larger(photo):
    files = [encode_jpeg(photo, quality) for quality in (20, 60, 95)]
    assert len(files[0]) < len(files[1]) < len(files[2])
    near = [psnr(photo, jpeg(photo, quality)) for quality in (20, 60, 95)]
    assert near[0] < near[1] < near[2]
    assert jpeg(photo.astype(np.float32), 60).dtype == np.float32
    np.testing.assert_array_equal(jpeg(photo.astype(np.float32), 60), jpeg(photo, 60))


def test_colours_stay_in_their_channels(photo):
    rgb = np.ascontiguousarray(photo[..., ::-1])
    np.testing.assert_array_equal(jpeg(rgb, 60, 'rgb')[..., ::-1], jpeg(photo, 60))


def test_what_is_no_picture_is_refused():
    with pytest.raises(TypeError, match='not list'):
        check_image([1])
    with pytest.raises(ValueError, match=r'not \(0, 4, 3\)'):
        check_image(np.zeros((0, 4, 3), np.uint8))
