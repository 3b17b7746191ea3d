"""Every corruption: monotone in severity, deterministic, size-preserving."""

import numpy as np
import pytest

from corruption_samples import LENGTH, PHOTOS, frame_of, photo, psnr
from vsd_mot.degradation.corruptions import (
    CORRUPTIONS,
    PROFILES,
    SEVERITIES,
    Frame,
    build_corruption,
)
from vsd_mot.degradation.corruptions.base import frames_of

ON_PICTURES = [name for name, kind in CORRUPTIONS.items() if not kind.loses_frames]
OF_VIDEOS = ('h264', 'h264_stream', 'h265_stream', 'frozen_frames')
PER_FRAME = [name for name in ON_PICTURES if name not in OF_VIDEOS]


@pytest.mark.parametrize('name', PER_FRAME)
def test_severity_is_monotone_on_photographs(name):
    for photograph in PHOTOS:
        image = photo(photograph)
        if name == 'night_infrared':  # which has no colour at any severity
            image = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
        quality = [
            np.mean(
                [
                    psnr(image, build_corruption(name, s)(image, Frame(f'{v}/img1/1.jpg', 3)))
                    for v in 'ab'
                ]
            )
            for s in SEVERITIES
        ]
        assert all(np.diff(quality) < 0), (photograph, quality)
        assert quality[0] < 50, photograph  # the mildest is visible
        assert quality[0] - quality[-1] > 4, photograph  # the strongest is much worse


@pytest.mark.parametrize('name', ON_PICTURES)
def test_severity_is_monotone_on_a_video(name, video, tmp_path):
    quality = []
    for severity in SEVERITIES:
        corruption = build_corruption(name, severity, cache_dir=str(tmp_path))
        frames = [frame_of(video, number) for number in range(0, LENGTH, 2)]
        quality.append(np.mean([psnr(image, corruption(image, frame)) for image, frame in frames]))
    assert all(np.diff(quality) < 0), quality


@pytest.mark.parametrize('name', [*CORRUPTIONS, *PROFILES])
def test_frames_keep_size_and_type_and_are_deterministic(name, video, tmp_path):
    image, frame = frame_of(video, 7)
    before = image.copy()
    first = build_corruption(name, 4, seed=1, cache_dir=str(tmp_path))(image, frame)
    assert first.shape == image.shape
    assert first.dtype == np.uint8
    again = build_corruption(name, 4, seed=1, cache_dir=str(tmp_path))
    again(*frame_of(video, 3))  # other frames before it make no difference
    np.testing.assert_array_equal(again(image, frame), first)
    floats = again(image.astype(np.float32), frame)
    assert floats.dtype == np.float32
    np.testing.assert_array_equal(floats, first)
    np.testing.assert_array_equal(image, before)  # the input is left alone


@pytest.mark.parametrize('name', ['gaussian_noise', 'shot_noise', 'low_light', 'rain', 'snow'])
def test_noise_is_new_in_every_frame_and_differs_with_the_seed(name):
    image = photo('cat')
    corruption = build_corruption(name, 3)
    a, b = (corruption(image, Frame('v/img1/1.jpg', number)) for number in (0, 1))
    assert not np.array_equal(a, b)
    other = build_corruption(name, 3, seed=1)(image, Frame('v/img1/1.jpg', 0))
    assert not np.array_equal(a, other)


def test_frames_of_every_image_format_count(tmp_path):
    for name in ('frame10.webp', 'frame9.jpg', '.frame8.jpg', 'notes.txt'):
        (tmp_path / name).touch()
    assert frames_of(str(tmp_path)) == tuple(
        str(tmp_path / name) for name in ('frame9.jpg', 'frame10.webp')
    )
