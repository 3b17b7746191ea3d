"""A camera in the dark."""

import numpy as np

from vsd_mot.degradation.corruptions import Frame
from vsd_mot.degradation.corruptions.night import NightInfrared

FRAME = Frame('night/img1/000001.jpg', 0)


def scene():
    return np.full((90, 160, 3), (40, 90, 160), np.uint8)


def test_it_has_no_colour_and_keeps_size_and_type():
    image = NightInfrared(3)(scene(), FRAME)
    assert image.shape == (90, 160, 3)
    assert image.dtype == np.uint8
    assert np.ptp(image.astype(int), axis=2).max() == 0


def test_a_worse_camera_has_a_darker_rim_and_more_noise():
    rims, noises = [], []
    for severity in (1, 3, 5):
        images = [
            NightInfrared(severity)(scene(), Frame('night/img1/1.jpg', n)).astype(float)[..., 0]
            for n in range(6)
        ]
        rims.append(np.median([image[[0, -1]] for image in images]))
        noises.append(np.std([image - np.mean(images, axis=0) for image in images]))
    assert rims == sorted(rims, reverse=True)
    assert rims[0] > rims[2] + 20
    assert noises == sorted(noises)
    assert noises[2] > 2 * noises[0]


def test_lamp_and_hot_spots_stand_still_and_noise_does_not():
    def mean_of(video: str) -> np.ndarray:
        frames = [Frame(f'{video}/img1/1.jpg', n) for n in range(24)]
        return np.mean([NightInfrared(2)(scene(), frame)[..., 0] for frame in frames], axis=0)

    one, again, other = mean_of('a'), mean_of('a'), mean_of('b')
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).mean() > 3, 'another camera has its lamp elsewhere'
    first, second = (NightInfrared(2)(scene(), Frame('a/img1/1.jpg', n)) for n in (0, 1))
    assert not np.array_equal(first, second)
