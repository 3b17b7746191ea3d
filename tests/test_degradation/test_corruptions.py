"""Corruptions: monotone in severity, deterministic, size-preserving."""

import cv2
import numpy as np
import pytest
from mmtrack.registry import TRANSFORMS
from skimage import data

from vsd_mot.degradation import VideoDegradation
from vsd_mot.degradation.corruptions import CORRUPTIONS, SEVERITIES, Frame, build_corruption
from vsd_mot.degradation.corruptions.base import frames_of
from vsd_mot.degradation.corruptions.temporal import H264, FrozenFrames

PER_FRAME = [name for name in CORRUPTIONS if name not in ('h264', 'frozen_frames')]
LENGTH = 24
PHOTOS = {
    'astronaut': lambda: data.astronaut()[..., ::-1],
    'cat': lambda: data.chelsea()[..., ::-1],
    'rocket': lambda: data.rocket()[..., ::-1],
    'coffee': lambda: data.coffee()[..., ::-1],
}


def psnr(image, other):
    error = np.mean((image.astype(float) - other) ** 2)
    return 10 * np.log10(255**2 / max(error, 1e-3))


def photo(name):
    image = np.ascontiguousarray(PHOTOS[name]())
    return cv2.resize(image, (270, 180), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope='module')
def video(tmp_path_factory):
    """A photograph that pans, odd in both sides, with a square that moves on it."""
    folder = tmp_path_factory.mktemp('set') / 'PAN' / 'img1'
    folder.mkdir(parents=True)
    image = np.ascontiguousarray(data.coffee()[..., ::-1])
    for number in range(LENGTH):
        view = cv2.resize(image[40:300, 2 * number : 2 * number + 380], (189, 131))
        view[60:80, 3 * number : 3 * number + 20] = (40, 200, 250)
        assert cv2.imwrite(str(folder / f'{number + 1:06d}.png'), view)
    return folder


def frame_of(video, number):
    path = video / f'{number + 1:06d}.png'
    return cv2.imread(str(path)), Frame(str(path), number)


@pytest.mark.parametrize('name', PER_FRAME)
def test_severity_is_monotone_on_photographs(name):
    for photograph in PHOTOS:
        image = photo(photograph)
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


@pytest.mark.parametrize('name', list(CORRUPTIONS))
def test_severity_is_monotone_on_a_video(name, video, tmp_path):
    quality = []
    for severity in SEVERITIES:
        corruption = build_corruption(name, severity, cache_dir=str(tmp_path))
        frames = [frame_of(video, number) for number in range(0, LENGTH, 2)]
        quality.append(np.mean([psnr(image, corruption(image, frame)) for image, frame in frames]))
    assert all(np.diff(quality) < 0), quality


@pytest.mark.parametrize('name', list(CORRUPTIONS))
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


@pytest.mark.parametrize('name', ['gaussian_noise', 'shot_noise', 'low_light', 'rain'])
def test_noise_is_new_in_every_frame_and_differs_with_the_seed(name):
    image = photo('cat')
    corruption = build_corruption(name, 3)
    a, b = (corruption(image, Frame('v/img1/1.jpg', number)) for number in (0, 1))
    assert not np.array_equal(a, b)
    other = build_corruption(name, 3, seed=1)(image, Frame('v/img1/1.jpg', 0))
    assert not np.array_equal(a, other)


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


def test_frozen_frames_repeat_the_last_one_that_arrived(video):
    lost_before = set()
    for severity in SEVERITIES:
        corruption = FrozenFrames(severity)
        lost = set()
        for number in range(LENGTH):
            image, frame = frame_of(video, number)
            source = corruption.source_position(frame)
            assert source <= number
            assert corruption.source_position(frame_of(video, source)[1]) == source
            np.testing.assert_array_equal(corruption(image, frame), frame_of(video, source)[0])
            lost |= {number} if source < number else set()
        assert lost_before <= lost
        lost_before = lost
    assert 0.6 < len(lost) / LENGTH < 1


def test_frames_of_every_image_format_count(tmp_path):
    for name in ('frame10.webp', 'frame9.jpg', '.frame8.jpg', 'notes.txt'):
        (tmp_path / name).touch()
    assert frames_of(str(tmp_path)) == tuple(
        str(tmp_path / name) for name in ('frame9.jpg', 'frame10.webp')
    )


def test_the_lost_part_is_that_of_the_severity(tmp_path):
    folder = tmp_path / 'img1'
    folder.mkdir()
    for number in range(1500):
        (folder / f'{number:06d}.jpg').touch()
    for severity, part in zip(SEVERITIES, FrozenFrames.levels):
        corruption = FrozenFrames(severity)
        lost = [
            corruption.source_position(Frame(str(folder / f'{n:06d}.jpg'), n)) < n
            for n in range(0, 1500)
        ]
        assert np.mean(lost) == pytest.approx(part, abs=0.06)


def test_h264_is_encoded_once_and_decoded_in_any_order(video, tmp_path):
    corruption = H264(3, cache_dir=str(tmp_path))
    forward = [corruption(*frame_of(video, number)) for number in range(6)]
    (file,) = tmp_path.glob('*.mp4')
    written = file.stat().st_mtime_ns
    np.testing.assert_array_equal(corruption(*frame_of(video, 2)), forward[2])
    np.testing.assert_array_equal(corruption(*frame_of(video, 5)), forward[5])
    np.testing.assert_array_equal(H264(3, cache_dir=str(tmp_path))(*frame_of(video, 4)), forward[4])
    assert file.stat().st_mtime_ns == written
    sizes = []
    for severity in SEVERITIES:
        folder = tmp_path / str(severity)
        H264(severity, cache_dir=str(folder))(*frame_of(video, 0))
        sizes.append(next(folder.glob('*.mp4')).stat().st_size)
    assert all(np.diff(sizes) < 0)
    # the content stays where it is
    for number in range(6):
        image, _ = frame_of(video, number)
        assert psnr(image, forward[number]) > psnr(image, forward[(number + 3) % 6])


def test_real_esrgan_is_the_library_shifted():
    image = photo('coffee')
    result = build_corruption('real_esrgan', 3, seed=4)(image, Frame('set/V1/img1/000002.jpg', 1))
    np.testing.assert_array_equal(result, VideoDegradation('V1', 4)(image, 1))


def test_transform_takes_frames_and_clips(video):
    transform = TRANSFORMS.build(dict(type='CorruptFrame', corruption='fog', severity=2))
    frames = [frame_of(video, number) for number in range(3)]
    expected = [build_corruption('fog', 2)(image, frame) for image, frame in frames]
    results = dict(img=frames[1][0], img_path=frames[1][1].path, frame_id=1)
    np.testing.assert_array_equal(transform(results)['img'], expected[1])
    results = dict(
        img=[image for image, _ in frames],
        img_path=[frame.path for _, frame in frames],
        frame_id=[0, 1, 2],
    )
    for found, wanted in zip(transform(results)['img'], expected):
        np.testing.assert_array_equal(found, wanted)
    assert 'fog, severity=2' in repr(transform)


def test_wrong_use_is_reported(video, tmp_path):
    with pytest.raises(ValueError, match=r'no corruption .snow.; known: gaussian_noise'):
        build_corruption('snow', 1)
    with pytest.raises(ValueError, match='severity must be'):
        build_corruption('fog', 6)
    image, _ = frame_of(video, 0)
    with pytest.raises(ValueError, match='not among the images'):
        build_corruption('frozen_frames', 1)(image, Frame(str(video / 'x.png'), 0))
    broken = tmp_path / 'B' / 'img1'
    broken.mkdir(parents=True)
    for name in ('1.png', '2.png'):
        (broken / name).write_bytes(b'no image')
    with pytest.raises(ValueError, match=r'1\.png: not a readable image'):
        H264(1, cache_dir=str(tmp_path))(image, Frame(str(broken / '2.png'), 1))
