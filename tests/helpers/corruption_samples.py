"""Photographs and frames of a small video, as corruptions take them."""

import cv2
import numpy as np
from skimage import data

from vsd_mot.degradation.corruptions import Frame

LENGTH = 24
PHOTOS = {
    'astronaut': lambda: data.astronaut()[..., ::-1],
    'cat': lambda: data.chelsea()[..., ::-1],
    'rocket': lambda: data.rocket()[..., ::-1],
    'coffee': lambda: data.coffee()[..., ::-1],
}


def photo(name):
    image = np.ascontiguousarray(PHOTOS[name]())
    return cv2.resize(image, (270, 180), interpolation=cv2.INTER_AREA)


def write_panning_video(folder):
    """A photograph that pans, odd in both sides, with a square that moves on it."""
    folder.mkdir(parents=True)
    image = np.ascontiguousarray(data.coffee()[..., ::-1])
    for number in range(LENGTH):
        view = cv2.resize(image[40:300, 2 * number : 2 * number + 380], (189, 131))
        view[60:80, 3 * number : 3 * number + 20] = (40, 200, 250)
        assert cv2.imwrite(str(folder / f'{number + 1:06d}.png'), view)
    return folder


def psnr(image, other):
    error = np.mean((image.astype(float) - other) ** 2)
    return 10 * np.log10(255**2 / max(error, 1e-3))


def frame_of(video, number):
    path = video / f'{number + 1:06d}.png'
    return cv2.imread(str(path)), Frame(str(path), number)
