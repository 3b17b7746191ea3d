"""Noise, blur and light: what each severity does."""

import cv2
import numpy as np
import pytest
from skimage import data

from corruption_samples import photo, psnr
from vsd_mot.degradation import VideoDegradation
from vsd_mot.degradation.corruptions import Frame, build_corruption


def test_motion_blur_turns_slowly_within_a_video():
    image = photo('rocket')
    blur = build_corruption('motion_blur', 5)
    frames = [blur(image, Frame('v/img1/1.jpg', number)) for number in (0, 1, 60)]
    assert psnr(frames[0], frames[1]) > psnr(frames[0], frames[2])
    other = blur(image, Frame('w/img1/1.jpg', 0))
    assert not np.array_equal(other, frames[0])


def test_lengths_scale_with_the_resolution():
    """Shrinking a defocused frame is defocusing the small frame: one severity for all sizes."""
    large = np.ascontiguousarray(data.astronaut()[..., ::-1])
    small = cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)
    defocus = build_corruption('defocus', 5)
    frame = Frame('v/img1/1.jpg', 0)
    a = cv2.resize(defocus(large, frame), (256, 256), interpolation=cv2.INTER_AREA)
    b = defocus(small, frame)
    assert psnr(a, b) > 32
    assert psnr(a, b) > psnr(small, b) + 6


def test_noise_levels_are_what_they_say():
    image = np.full((200, 200, 3), 128, np.uint8)
    frame = Frame('v/img1/1.jpg', 0)
    assert build_corruption('gaussian_noise', 2)(image, frame).std() == pytest.approx(20, rel=0.02)
    shot = build_corruption('shot_noise', 1)(image, frame)
    assert shot.std() == pytest.approx(255 * np.sqrt(128 / 255 / 60), rel=0.03)
    contrast = build_corruption('low_contrast', 1)(photo('coffee'), frame)
    assert contrast.std() / photo('coffee').std() == pytest.approx(0.6, rel=0.02)


def test_real_esrgan_is_the_library_shifted():
    image = photo('coffee')
    result = build_corruption('real_esrgan', 3, seed=4)(image, Frame('set/V1/img1/000002.jpg', 1))
    np.testing.assert_array_equal(result, VideoDegradation('V1', 4)(image, 1))
