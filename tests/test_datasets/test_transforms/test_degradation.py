"""RandomDegradation on clips and single frames."""

import cv2
import numpy as np
import pytest
from mmtrack.registry import TRANSFORMS
from skimage import data

from vsd_mot.datasets.transforms.degradation import RandomDegradation, video_name
from vsd_mot.degradation import VideoDegradation


@pytest.fixture
def image():
    return cv2.resize(data.chelsea(), (96, 64), interpolation=cv2.INTER_AREA)


def clip_of(image, video='SEQ-1', start=10, length=4):
    return dict(
        img=[image.copy() for _ in range(length)],
        img_path=[f'data/train/{video}/img1/{start + i + 1:06d}.jpg' for i in range(length)],
        frame_id=list(range(start, start + length)),
        gt_bboxes=[np.array([[1, 2, 3, 4]], np.float32)] * length,
    )


def test_it_is_registered_and_degrades_a_clip_by_one_camera(image):
    transform = TRANSFORMS.build(dict(type='RandomDegradation', seed=3))
    results = transform(clip_of(image))
    camera = VideoDegradation('SEQ-1', 3)
    assert isinstance(results['img'], list)
    for number, frame in zip(range(10, 14), results['img']):
        np.testing.assert_array_equal(frame, camera(image, number))
    assert 'teacher_img' not in results
    np.testing.assert_array_equal(results['gt_bboxes'][0], [[1, 2, 3, 4]])


def test_single_frame_equals_the_clip_of_the_same_seed(image):
    transform = RandomDegradation(seed=3)
    clip = transform(clip_of(image))
    frame = {key: value[2] for key, value in clip_of(image).items()}
    np.testing.assert_array_equal(transform(frame)['img'], clip['img'][2])


def test_clean_frames_are_kept_for_the_teacher(image):
    for prob in (0.0, 1.0):
        results = RandomDegradation(prob=prob, keep_clean=True)(clip_of(image))
        assert len(results['teacher_img']) == 4
        for clean, frame in zip(results['teacher_img'], results['img']):
            np.testing.assert_array_equal(clean, image)
            assert np.array_equal(frame, image) == (prob == 0.0)
            frame[:] = 0
            assert clean.any()  # not the same memory
    single = {key: value[0] for key, value in clip_of(image).items()}
    results = RandomDegradation(keep_clean=True)(single)
    np.testing.assert_array_equal(results['teacher_img'], image)


def test_numpy_seed_fixes_the_clips(image):
    transform = RandomDegradation(prob=0.5)

    def run():
        np.random.seed(7)
        return [transform(clip_of(image, length=1))['img'][0] for _ in range(40)]

    first, second = run(), run()
    for a, b in zip(first, second):
        np.testing.assert_array_equal(a, b)
    changed = [not np.array_equal(a, image) for a in first]
    assert 10 < sum(changed) < 30
    assert len({a.tobytes() for a, was in zip(first, changed) if was}) == sum(changed)


def test_with_a_seed_whole_videos_are_degraded_or_not(image):
    transform = RandomDegradation(prob=0.5, seed=1)
    found = []
    for number in range(30):
        clip = transform(clip_of(image, f'V{number}', length=2))
        changed = {not np.array_equal(frame, image) for frame in clip['img']}
        assert len(changed) == 1
        found += changed
    assert 5 < sum(found) < 25


def test_wrong_use_is_reported(image):
    with pytest.raises(ValueError, match='prob must lie'):
        RandomDegradation(prob=1.5)
    with pytest.raises(KeyError, match='needs img_path'):
        RandomDegradation(seed=1)(dict(img=image))
    with pytest.raises(ValueError, match='has no'):
        RandomDegradation(fluctuation=dict(speed=1))
    assert 'prob=0.3' in repr(RandomDegradation(prob=0.3))


def test_video_name_is_the_sequence_folder():
    assert video_name('data/MOT17/train/MOT17-02-FRCNN/img1/000001.jpg') == 'MOT17-02-FRCNN'
    assert video_name('frames/walk/0001.png') == 'walk'
