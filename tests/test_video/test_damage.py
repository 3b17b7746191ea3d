"""Damage of frames, recognised by their pictures."""

import cv2
import numpy as np
import pytest

from vsd_mot.video.damage import DamageWatch, changes_less
from vsd_mot.video.sources import Frame

HEIGHT, WIDTH = 180, 320


def scene(seed: int, shift: int = 0) -> np.ndarray:
    """A place with its own shapes and colours, seen by a camera that has turned by some pixels."""
    rng = np.random.default_rng(seed)
    ground = rng.integers(0, 256, (6, 14, 3), np.uint8)
    wide = cv2.resize(ground, (3 * WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    tint = rng.uniform(0.3, 1.0, 3)
    return (wide[:, WIDTH + shift : 2 * WIDTH + shift] * tint).astype(np.uint8)


def noisy(image: np.ndarray, seed: int, sigma: float = 3.0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, sigma, image.shape)
    return (image + noise).clip(0, 255).astype(np.uint8)


def damages(images, faults=None, fps=10.0, **settings) -> list:
    watch = DamageWatch(**settings)
    faults = faults or {}
    return [
        watch.look(Frame(index, image, time=index / fps, fault=faults.get(index))).damage
        for index, image in enumerate(images)
    ]


def test_a_camera_that_turns_in_bad_light_has_no_damage():
    images = [noisy((scene(1, 6 * step) * 0.15).astype(np.uint8), step) for step in range(12)]
    assert damages(images) == [None] * 12


def test_what_cannot_be_read_and_what_the_decoder_marks():
    images = [noisy(scene(1), step) for step in range(4)]
    images[1] = None
    assert damages(images, {2: 'damaged picture'}) == [None, 'unreadable', 'corrupt', None]


@pytest.mark.parametrize('level', [0, 16, 128])
def test_blank_pictures_with_noise(level):
    blank = noisy(np.full((HEIGHT, WIDTH, 3), level, np.uint8), 5)
    images = [noisy(scene(1), 0), blank, noisy(blank, 7), noisy(scene(1), 1)]
    assert damages(images) == [None, 'blank', 'blank', None]


def test_a_picture_that_is_repeated_is_frozen_until_it_looks_like_a_still_scene():
    moving = [noisy(scene(1), step) for step in range(2)]
    images = [moving[0], moving[0], moving[0], moving[1]]
    assert damages(images) == [None, 'frozen', 'frozen', None]
    assert damages([moving[0]] * 6, patience=0.25) == [None, 'frozen', 'frozen', None, None, None]


def test_one_small_person_who_moves_is_enough_to_be_no_frozen_frame():
    first, second = scene(1), scene(1)
    second[100:110, 200:204] = 255
    assert damages([first, second]) == [None, None]


def test_a_cut_is_one_frame_and_a_lamp_is_none():
    images = [noisy(scene(1), 0), noisy(scene(2), 1), noisy(scene(2), 2)]
    assert damages(images) == [None, 'cut', None]
    lit = [(noisy(scene(1), step) * share).astype(np.uint8) for step, share in ((0, 0.3), (1, 1))]
    assert damages(lit) == [None, None]


def test_a_cut_behind_frames_without_a_picture():
    blank = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    images = [noisy(scene(1), 0), blank, None, noisy(scene(2), 1)]
    assert damages(images) == [None, 'blank', 'unreadable', 'cut']


def test_another_size_is_named_once_and_brought_to_the_first():
    small = cv2.resize(noisy(scene(1), 1), (WIDTH // 2, HEIGHT // 2))
    watch = DamageWatch()
    images = [noisy(scene(1), 0), small, noisy(small, 2), noisy(scene(1), 3)]
    frames = [watch.look(Frame(i, image, time=i / 10)) for i, image in enumerate(images)]
    assert [frame.damage for frame in frames] == [None, 'resized', None, 'resized']
    assert {frame.image.shape for frame in frames} == {(HEIGHT, WIDTH, 3)}


def test_another_shape_is_another_camera():
    square = cv2.resize(scene(1), (HEIGHT, HEIGHT))
    watch = DamageWatch()
    watch.look(Frame(0, scene(1)))
    second = watch.look(Frame(1, square, time=0.1))
    assert second.damage == 'cut'
    assert second.image.shape == (HEIGHT, WIDTH, 3)
    assert not second.image[:, :60].any(), 'bars fill what the picture does not'
    assert watch.look(Frame(2, noisy(square, 2), time=0.2)).damage is None


@pytest.mark.parametrize('size', [(36, 50), (10, 100), (48, 64), (9, 9)])
def test_every_pixel_counts_once_it_changes_enough(size):
    before = np.full(size, 100, np.uint8)
    height, width = size
    block = min(16, height) * min(16, width)
    for row, column in ((0, 0), (height - 1, 0), (0, width - 1), (height - 1, width - 1)):
        image = before.copy()
        image[row, column] += 60
        assert changes_less(image, before, threshold=60.5 / block)
        assert not changes_less(image, before, threshold=59.5 / block)


def test_a_change_of_the_whole_picture_is_one_of_its_blocks():
    rng = np.random.default_rng(0)
    before = rng.integers(0, 200, (90, 130), dtype=np.uint8)
    assert changes_less(before + 2, before, threshold=2.01)
    assert not changes_less(before + 2, before, threshold=1.99)
