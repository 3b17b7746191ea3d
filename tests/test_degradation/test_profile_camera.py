"""A profile as the camera of a sequence."""

import cv2
import numpy as np
import pytest

from vsd_mot.degradation.corruptions import PROFILES
from vsd_mot.degradation.profile_camera import ProfileCamera, arriving


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / 'street' / 'img1'
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    picture = cv2.GaussianBlur(rng.integers(0, 255, (60, 80, 3), dtype=np.uint8), (0, 0), 2)
    paths = [folder / f'{number:06d}.jpg' for number in range(1, 31)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), np.roll(picture, number, axis=1))
    return paths


@pytest.mark.parametrize('profile', ['night-ir', 'bodycam'])
def test_a_frame_is_the_same_in_any_order(profile, files):
    image = cv2.imread(str(files[7]))
    camera = ProfileCamera(profile, 3, seed=1, files=files)
    expected = camera(image, 7)
    camera(cv2.imread(str(files[2])), 2)
    np.testing.assert_array_equal(camera(image, 7), expected)
    np.testing.assert_array_equal(
        ProfileCamera(profile, 3, seed=1, files=files)(image, 7), expected
    )
    assert not np.array_equal(ProfileCamera(profile, 3, seed=2, files=files)(image, 7), expected)


def test_a_kept_part_of_the_files_keeps_its_places(files):
    image = cv2.imread(str(files[20]))
    whole = ProfileCamera('night-ir', 3, seed=1, files=files)
    part = ProfileCamera('night-ir', 3, seed=1, files=files[20:])
    np.testing.assert_array_equal(part(image, 0), whole(image, 20))


def test_jpeg_bytes_are_the_degraded_frame(files):
    image = cv2.imread(str(files[0]))
    camera = ProfileCamera('night-ir', 2, seed=0, files=files)
    decoded = cv2.imdecode(np.frombuffer(camera.to_jpeg(image, 0, 100), np.uint8), 1)
    assert np.abs(decoded.astype(int) - camera(image, 0)).mean() < 2


def test_the_manifest_has_the_parts_and_their_severities(files):
    camera = ProfileCamera('bodycam', 4, seed=0, files=files)
    written = camera.params(3).to_dict()
    assert written['profile'] == 'bodycam'
    assert written['parts']
    assert all(1 <= severity <= 5 for severity in written['parts'].values())
    assert written == camera.params(9).to_dict(), 'one camera for the whole video'


def test_a_slow_camera_lets_few_frames_come(files):
    many = [files[0].with_name(f'{number:06d}.jpg') for number in range(1, 301)]
    assert 40 <= sum(arriving('cctv-6fps', 3, 0, files=many, fps=30.0)) <= 80
    assert all(arriving('night-ir', 3, 0, files=many[:50], fps=30.0))
    assert 'cctv-6fps' in PROFILES
