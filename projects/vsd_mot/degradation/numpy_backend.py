"""The degradation of a numpy image, by OpenCV.

uint8 images are kept in uint8 from step to step: the noise and the two JPEG compressions are
many times coarser than that rounding, and every step is several times as fast.
"""

from __future__ import annotations

import cv2
import numpy as np

from .kernels import separate, trim
from .noise import add_noise
from .parameters import FrameParams, KernelParams, OrderParams

_INTERPOLATIONS = {
    'area': cv2.INTER_AREA,
    'bilinear': cv2.INTER_LINEAR,
    'bicubic': cv2.INTER_CUBIC,
}


def blur(image: np.ndarray, params: KernelParams | None) -> np.ndarray:
    """Filter with a kernel, as two separable passes where the kernel allows it exactly.

    Args:
        image: (H, W, 3) uint8 or float32.
        params: None leaves the image as it is.

    Returns:
        Blurred image of the same shape and type, mirrored at its borders.
    """
    if params is None:
        return image
    kernel = trim(params.build())
    if kernel.shape[0] == 1:
        return image
    factors = separate(kernel)
    if factors is not None:
        blurred = cv2.sepFilter2D(image, -1, factors[1], factors[0])
    else:
        blurred = cv2.filter2D(image, -1, kernel)
    return blurred if image.dtype == np.uint8 else blurred.clip(0, 255)


def resize(image: np.ndarray, size: tuple[int, int], interpolation: str) -> np.ndarray:
    """Resize to (height, width); nothing is done when the size is already right."""
    if image.shape[:2] == size:
        return image
    resized = cv2.resize(image, size[::-1], interpolation=_INTERPOLATIONS[interpolation])
    return resized if image.dtype == np.uint8 else resized.clip(0, 255)


def scaled_size(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """(height, width) of a frame after a resize by a scale, at least one pixel."""
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def encode_jpeg(image: np.ndarray, quality: int, channel_order: str = 'bgr') -> bytes:
    """Compress a uint8 image (H, W, 3) to a JPEG file's bytes (4:2:0, baseline).

    Raises:
        ValueError: If the encoder refuses the image.
    """
    if channel_order == 'rgb':
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode('.jpg', image, (cv2.IMWRITE_JPEG_QUALITY, int(quality)))
    if not done:
        raise ValueError(f'OpenCV could not encode an image of shape {image.shape} as JPEG')
    return data.tobytes()


def jpeg(image: np.ndarray, quality: int, channel_order: str = 'bgr') -> np.ndarray:
    """Compress and decompress an image (H, W, 3); float32 images pass through 8 bits."""
    levels = image if image.dtype == np.uint8 else np.rint(image).clip(0, 255).astype(np.uint8)
    data = np.frombuffer(encode_jpeg(levels, quality, channel_order), np.uint8)
    code = cv2.IMREAD_COLOR_RGB if channel_order == 'rgb' else cv2.IMREAD_COLOR
    decoded = cv2.imdecode(data, code)
    if decoded is None:
        raise ValueError(f'OpenCV could not decode its own JPEG of an image {image.shape}')
    return decoded.astype(image.dtype, copy=False)


def _order(
    image: np.ndarray,
    params: OrderParams,
    *,
    size: tuple[int, int],
    rng: np.random.Generator,
    channel_order: str,
) -> np.ndarray:
    """Blur, resize and noise of one order; its JPEG is left to the caller."""
    image = blur(image, params.blur)
    image = resize(image, scaled_size(size, params.scale), params.interpolation)
    return add_noise(image, params.noise, rng, channel_order=channel_order)


def _before_last_jpeg(
    image: np.ndarray, params: FrameParams, rng: np.random.Generator, *, channel_order: str
) -> np.ndarray:
    size = image.shape[:2]
    image = _order(image, params.first, size=size, rng=rng, channel_order=channel_order)
    image = jpeg(image, params.first.jpeg_quality, channel_order)
    image = _order(image, params.second, size=size, rng=rng, channel_order=channel_order)
    if not params.jpeg_last:
        image = jpeg(image, params.second.jpeg_quality, channel_order)
    image = resize(image, size, params.final_interpolation)
    return blur(image, params.final_sinc)


def check_image(image: np.ndarray) -> None:
    """Refuse what the degradation cannot take.

    Raises:
        TypeError: If the image is no uint8 or float32 array.
        ValueError: If its shape is not (H, W, 3).
    """
    if not isinstance(image, np.ndarray) or image.dtype not in (np.uint8, np.float32):
        kind = getattr(image, 'dtype', type(image).__name__)
        raise TypeError(f'the degradation takes uint8 or float32 (0-255) numpy images, not {kind}')
    if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise ValueError(f'the degradation takes images of shape (H, W, 3), not {image.shape}')


def degrade(
    image: np.ndarray, params: FrameParams, rng: np.random.Generator, *, channel_order: str = 'bgr'
) -> np.ndarray:
    """Degrade an image; its size stays.

    Args:
        image: (H, W, 3) uint8, or float32 in grey levels 0-255.
        params: What to do.
        rng: Source of the noise.
        channel_order: 'bgr' or 'rgb'.

    Returns:
        Degraded image of the same shape and type.
    """
    check_image(image)
    image = _before_last_jpeg(image, params, rng, channel_order=channel_order)
    return jpeg(image, params.second.jpeg_quality, channel_order) if params.jpeg_last else image


def degrade_to_jpeg(
    image: np.ndarray,
    params: FrameParams,
    rng: np.random.Generator,
    *,
    quality: int = 95,
    channel_order: str = 'bgr',
) -> bytes:
    """Degrade a uint8 image into the bytes of a JPEG file.

    Where the degradation ends with a compression the file is that compression, so that reading
    it yields :func:`degrade`'s image to the byte; else it is stored with ``quality``.
    """
    check_image(image)
    image = _before_last_jpeg(image, params, rng, channel_order=channel_order)
    return encode_jpeg(
        image, params.second.jpeg_quality if params.jpeg_last else quality, channel_order
    )
