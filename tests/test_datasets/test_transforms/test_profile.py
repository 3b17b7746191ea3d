"""Cameras of the profiles in training."""

import numpy as np
import pytest
from mmtrack.registry import TRANSFORMS

from vsd_mot.datasets.transforms import RandomProfile
from vsd_mot.degradation.corruptions import PROFILES
from vsd_mot.degradation.corruptions.night import NightInfrared
from vsd_mot.degradation.corruptions.profiles import Profile


class Dark(Profile):
    """A camera without a codec, which needs no files."""

    parts = ((NightInfrared, 3),)


def clip():
    images = [np.full((48, 64, 3), 40 * number, np.uint8) for number in range(1, 4)]
    paths = [f'v/img1/{number}.jpg' for number in range(3)]
    return dict(img=images, img_path=paths, frame_id=[0, 1, 2])


def test_a_clip_has_one_camera_and_the_teacher_may_keep_the_clean_one(monkeypatch):
    monkeypatch.setitem(PROFILES, 'dark', Dark)
    wanted = dict(type='RandomProfile', profiles=['dark'], keep_clean=True, severities=[4])
    np.random.seed(0)
    results = TRANSFORMS.build(wanted)(clip())
    for clean, kept, image in zip(clip()['img'], results['teacher_img'], results['img']):
        np.testing.assert_array_equal(clean, kept)
        assert image.shape == clean.shape
        assert not np.array_equal(image, clean)
    never = TRANSFORMS.build(dict(type='RandomProfile', profiles=['dark'], prob=0))
    np.testing.assert_array_equal(never(clip())['img'][0], clip()['img'][0])


def test_wrong_settings():
    with pytest.raises(ValueError, match="no profile 'moon'; known: cctv-6fps"):
        RandomProfile(['moon'])
    with pytest.raises(ValueError, match='prob'):
        RandomProfile(prob=2)
