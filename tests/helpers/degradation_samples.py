"""Pictures as the two forms of the degradation take them, and how alike two are."""

import numpy as np
import torch

STILL = dict(blur='video', resolution='video', noise='video', compression='video')


def to_tensor(image):
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


def discrete(params):
    """The choices that make the camera."""
    found = [params.jpeg_last, params.final_interpolation, params.final_sinc is None]
    for order in (params.first, params.second):
        blur = order.blur
        found += [order.interpolation, order.noise.kind, order.noise.grey, np.sign(order.scale - 1)]
        found += [blur and (blur.form, blur.size, blur.theta, blur.beta)]
    return found


def strength(camera, frames):
    return np.array([camera.params(frame).first.noise.strength for frame in frames])
