"""The degradation of a video: its coherence, its bytes, its inputs."""

import cv2
import numpy as np
import pytest
import torch

from degradation_samples import STILL, discrete, psnr, strength, to_tensor
from vsd_mot.degradation import (
    VideoDegradation,
    degrade_image,
)


def test_a_video_keeps_its_camera_and_fluctuates_smoothly():
    moved = []
    for seed in range(5):
        camera = VideoDegradation('video', seed)
        frames = [camera.params(frame) for frame in range(0, 400, 7)]
        assert all(discrete(frame) == discrete(frames[0]) for frame in frames)
        values = strength(camera, range(400))
        low, high = (1, 30) if frames[0].first.noise.kind == 'gaussian' else (0.05, 3)
        values = (values - low) / (high - low)
        moved.append(values.std())
        assert np.abs(np.diff(values)).max() < 0.2  # not by jumps
    assert np.mean(moved) > 0.05


def test_different_videos_have_different_cameras():
    found = [discrete(VideoDegradation(f'video {i}').params(0)) for i in range(10)]
    assert len({str(item) for item in found}) == 10


def test_shift_makes_every_strength_worse():
    better, worse = (VideoDegradation('v', 2, shift=s).params(9) for s in (-1, 1))
    assert discrete(better) == discrete(worse)
    assert worse.first.noise.strength > better.first.noise.strength
    assert worse.first.jpeg_quality < better.first.jpeg_quality
    assert worse.second.scale <= better.second.scale


def test_bytes_depend_on_seed_video_and_frame_alone(photo):
    camera = VideoDegradation('v', 5)
    forward = [camera(photo, frame) for frame in (0, 1, 2)]
    backward = [VideoDegradation('v', 5)(photo, frame) for frame in (2, 1, 0)][::-1]
    for a, b in zip(forward, backward):
        np.testing.assert_array_equal(a, b)
    for other in (VideoDegradation('v', 6), VideoDegradation('w', 5)):
        assert not np.array_equal(other(photo, 0), forward[0])
    # the noise is new in every frame even where nothing else moves
    still = VideoDegradation('v', 5, fluctuation=STILL)
    assert not np.array_equal(still(photo, 0), still(photo, 1))
    threads = cv2.getNumThreads()
    cv2.setNumThreads(4)
    np.testing.assert_array_equal(camera(photo, 0), forward[0])
    cv2.setNumThreads(threads)


def test_the_stream_itself_never_changes():
    """A change here makes other images of the same seed: raise DEGRADATION_VERSION with it."""
    params = VideoDegradation('MOT17-02', 0).params(10).to_dict()
    assert params['first']['noise'] == EXPECTED_NOISE
    assert params['first']['scale'] == pytest.approx(EXPECTED_SCALE, rel=1e-5)


EXPECTED_NOISE = {'kind': 'gaussian', 'strength': 16.186, 'grey': True}


EXPECTED_SCALE = 0.160699


@pytest.mark.parametrize('size', [(64, 96), (33, 47), (5, 9)])
def test_size_and_type_stay(photo, size):
    image = np.ascontiguousarray(photo[: size[0], : size[1]])
    for seed in range(6):
        camera = VideoDegradation('v', seed)
        for given in (image, image.astype(np.float32)):
            result = camera(given, 0)
            assert result.shape == given.shape
            assert result.dtype == given.dtype
            assert result.min() >= 0
            assert result.max() <= 255
        tensor = camera.tensor(to_tensor(image)[None], [0])
        assert tensor.shape == (1, 3, *size)
        assert tensor.dtype == torch.uint8


def test_boxes_stay_true(photo):
    """A bright square stays where it was, whatever was resized on the way."""
    image = np.full((120, 160, 3), 30, np.uint8)
    image[40:80, 60:110] = 220
    for seed in range(12):
        result = degrade_image(image, seed).astype(float).mean(2)
        rows, columns = np.nonzero(cv2.GaussianBlur(result, (9, 9), 3) > 125)
        centre = np.median(columns), np.median(rows)
        assert centre == pytest.approx((84.5, 59.5), abs=2.5), seed


def test_wrong_images_are_refused(photo):
    with pytest.raises(TypeError, match='float64'):
        degrade_image(photo.astype(float))
    with pytest.raises(ValueError, match=r'\(H, W, 3\)'):
        degrade_image(photo[..., 0])
    with pytest.raises(ValueError, match='numbered from 0'):
        VideoDegradation('v').params(-1)
    with pytest.raises(ValueError, match='channel_order'):
        VideoDegradation('v', channel_order='gbr')
    with pytest.raises(ValueError, match='must not be negative'):
        VideoDegradation('v', -1).params(0)
    with pytest.raises(ValueError, match=r'\(B, 3, H, W\)'):
        VideoDegradation('v').tensor(torch.zeros(3, 8, 8), [0])


def test_channel_orders_agree(photo):
    """Degrading RGB is degrading BGR with the channels swapped, noise apart."""
    quiet = dict(
        first=dict(gaussian_prob=1.0, gaussian_sigma=(0.001, 0.001)),
        second=dict(gaussian_prob=1.0, gaussian_sigma=(0.001, 0.001)),
    )
    bgr = VideoDegradation('v', 1, settings=quiet)(photo, 0)
    rgb = VideoDegradation('v', 1, settings=quiet, channel_order='rgb')
    result = rgb(np.ascontiguousarray(photo[..., ::-1]), 0)
    assert np.abs(result[..., ::-1].astype(int) - bgr).mean() < 0.5


def test_jpeg_bytes_read_back_as_the_degraded_image(photo):
    for seed in range(6):
        camera = VideoDegradation('v', seed)
        stored = cv2.imdecode(np.frombuffer(camera.to_jpeg(photo, 3), np.uint8), cv2.IMREAD_COLOR)
        if camera.params(3).jpeg_last:
            np.testing.assert_array_equal(stored, camera(photo, 3))
        else:
            assert psnr(stored, camera(photo, 3)) > 30
