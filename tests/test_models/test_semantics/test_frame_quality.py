import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from vsd_mot.degradation import VideoDegradation
from vsd_mot.models.semantics import FrameQuality
from vsd_samples import PHOTOGRAPHS, as_tensor, frame_batch, photograph

PARTS = ('quality', 'clarity', 'noise', 'contrast')


def blur(image: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(image, (0, 0), sigma) if sigma else image


def noise(image: np.ndarray, sigma: float) -> np.ndarray:
    noisy = image + np.random.default_rng(0).normal(0, sigma, image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    if quality == 100:
        return image
    return cv2.imdecode(cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)


def contrast(image: np.ndarray, factor: float) -> np.ndarray:
    mean = image.mean((0, 1))
    return np.clip(np.rint((image - mean) * factor + mean), 0, 255).astype(np.uint8)


def light(image: np.ndarray, factor: float) -> np.ndarray:
    return np.rint(image * factor).astype(np.uint8)


def downscale(image: np.ndarray, factor: float) -> np.ndarray:
    height, width = image.shape[:2]
    small = (round(width / factor), round(height / factor))
    small = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


DEGRADATIONS = {
    blur: (0, 0.8, 1.5, 2.5, 4, 6),
    noise: (0, 5, 10, 20, 30, 50),
    jpeg: (100, 50, 25, 15, 10, 6),
    contrast: (1, 0.75, 0.5, 0.35, 0.2, 0.1),
    light: (1, 0.7, 0.5, 0.3, 0.2, 0.1),
    downscale: (1, 1.5, 2, 3, 4, 6),
}


def quality_of(*images: Tensor) -> Tensor:
    """Q of frames, (B,)."""
    return torch.stack([score.quality for score in FrameQuality()(frame_batch(*images))])


@pytest.mark.parametrize('degrade', DEGRADATIONS, ids=lambda function: function.__name__)
def test_quality_falls_with_every_step_of_severity(degrade):
    falls = []
    for name in PHOTOGRAPHS:
        image = photograph(name)
        frames = [as_tensor(degrade(image, severity)) for severity in DEGRADATIONS[degrade]]
        falls += (quality_of(*frames).diff() < 0).tolist()
    assert len(falls) == 5 * len(PHOTOGRAPHS)
    assert np.mean(falls) >= 0.95


@pytest.mark.parametrize('degrade', DEGRADATIONS, ids=lambda function: function.__name__)
def test_quality_falls_in_large_frames_that_are_looked_at_in_strips(degrade):
    image = cv2.resize(photograph('motorcycle_left.png'), (1920, 1080))
    severities = DEGRADATIONS[degrade][1::2]
    frames = [as_tensor(degrade(image, severity)) for severity in severities]
    assert (quality_of(*frames).diff() < 0).all()


def test_quality_falls_under_the_degradation_of_low_quality_sets():
    """Noise that was enlarged, filtered and compressed must not count as structure."""
    falls = []
    for name in ('astronaut.png', 'camera.png', 'chelsea.png', 'coffee.png', 'rocket.jpg'):
        image = photograph(name)
        degraded = [VideoDegradation(f'{name}-{seed}', seed=0)(image, 0) for seed in range(4)]
        quality = quality_of(as_tensor(image), *map(as_tensor, degraded))
        falls += (quality[1:] < quality[0]).tolist()
    assert np.mean(falls) >= 0.9


def test_the_components_tell_which_degradation_it_is():
    image = photograph('astronaut.png')
    frames = [image, blur(image, 3), noise(image, 30), contrast(image, 0.3)]
    clean, blurred, noisy, pale = FrameQuality()(frame_batch(*map(as_tensor, frames)))
    assert blurred.clarity < 0.7 * clean.clarity
    assert blurred.noise > 0.95
    assert noisy.noise < 0.5
    assert abs(noisy.contrast - clean.contrast) < 0.05
    assert pale.contrast < 0.7 * clean.contrast
    assert pale.noise > 0.95


@pytest.mark.parametrize('sigma', [4, 10, 25])
def test_noise_is_measured_not_guessed(sigma):
    """On photographs with flat parts; grey noise of three channels is weaker by 0.668."""
    for name in ('astronaut.png', 'camera.png', 'coffee.png', 'motorcycle_left.png'):
        score = FrameQuality().score(as_tensor(noise(photograph(name), sigma))[None])
        measured = 12 * (1 / score.noise.item() - 1) ** 0.5
        assert measured == pytest.approx(0.668 * sigma, rel=0.25, abs=0.8), name


@pytest.mark.parametrize('padding', [1, 32, 500])
def test_padding_changes_nothing(padding):
    frames = [as_tensor(photograph(name)) for name in ('chelsea.png', 'coffee.png')]
    plain = FrameQuality()(frame_batch(*frames))
    padded = FrameQuality()(frame_batch(*frames, padding=padding))
    for one, other in zip(plain, padded):
        for part in PARTS:
            assert getattr(one, part) == getattr(other, part)


def test_a_frame_is_assessed_alike_alone_and_in_a_batch():
    frames = [as_tensor(photograph('astronaut.png')), as_tensor(photograph('camera.png'))]
    together = FrameQuality().score(torch.stack(frames))
    for row, frame in enumerate(frames):
        alone = FrameQuality().score(frame[None])
        for part in PARTS:
            torch.testing.assert_close(getattr(together, part)[row], getattr(alone, part)[0])


@pytest.mark.parametrize('shape', [(1, 1), (1, 40), (40, 1), (15, 17), (16, 16), (33, 500)])
@pytest.mark.parametrize('fill', ['black', 'white', 'grey', 'random', 'checks'])
def test_any_frame_has_a_quality_in_0_1(shape, fill):
    frame = torch.zeros(3, *shape, dtype=torch.uint8)
    if fill == 'random':
        frame = torch.randint(0, 256, (3, *shape), dtype=torch.uint8)
    elif fill == 'checks':
        frame[:, ::2, ::2] = 255
    else:
        frame += dict(black=0, white=255, grey=128)[fill]
    score = FrameQuality()(frame_batch(frame))[0]
    for part in PARTS:
        assert 0 <= getattr(score, part) <= 1, part
    if fill in ('black', 'white', 'grey'):
        assert score.quality == 0


def test_quality_is_stable_in_a_moving_video():
    """A camera that pans over a photograph, half a pixel to three pixels a frame."""
    image = photograph('motorcycle_left.png')
    places = np.cumsum(np.linspace(0.5, 3, 20))
    frames = [
        as_tensor(cv2.getRectSubPix(image, (480, 360), (260 + place, 220 + place / 3)))
        for place in places
    ]
    whole = [as_tensor(image[:360, int(place) : int(place) + 480]) for place in places]
    assert quality_of(*frames).diff().abs().max() < 0.03
    assert quality_of(*whole).diff().abs().max() < 0.03


def test_quality_is_the_same_under_autocast():
    frames = frame_batch(as_tensor(photograph('coffee.png')))
    with torch.autocast('cpu', dtype=torch.bfloat16):
        mixed = FrameQuality()(frames)[0]
    assert mixed.quality == FrameQuality()(frames)[0].quality
    assert not list(FrameQuality().parameters())


@pytest.mark.parametrize(
    ('setting', 'part', 'higher'),
    [
        (dict(noise_half=24.0), 'noise', True),
        (dict(contrast_half=60.0), 'contrast', False),
        (dict(clarity_half=2.0), 'clarity', False),
        (dict(visible_energy=40.0), 'clarity', False),
        (dict(hidden_noise=0.99), 'noise', False),
        (dict(clean_energy=(20.0, 30.0, 60.0)), 'noise', True),
        (dict(texture_growth=(16.0, 12.0, 12.0)), 'noise', False),
    ],
    ids=str,
)
def test_raising_a_setting_does_what_its_text_says(setting, part, higher):
    frame = as_tensor(noise(photograph('coffee.png'), 6))[None]
    plain, changed = FrameQuality().score(frame), FrameQuality(**setting).score(frame)
    assert (getattr(changed, part) > getattr(plain, part)).item() is higher
    assert (getattr(changed, part) != getattr(plain, part)).item()
