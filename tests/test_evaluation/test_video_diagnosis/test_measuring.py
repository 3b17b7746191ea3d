"""Times, damage, motion and pictures of a video."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from good_video import FPS, source_of
from vsd_mot.evaluation.video_diagnosis.measuring import longest_run, measure_video


def test_a_good_video(good_frames):
    facts = measure_video(source_of(good_frames), pictures=3)
    assert facts.frames == len(good_frames)
    np.testing.assert_allclose(np.diff(facts.times), 1 / FPS)
    assert facts.size == (512, 400)
    assert not facts.frozen.any()
    assert not any(facts.damage.values())
    assert [picture.number for picture in facts.pictures] == [1, 16, 31]
    assert 0 < facts.quality < 1
    assert np.abs(facts.motion).max() < 0.01
    assert facts.container is None
    assert facts.heights is None


def test_frozen_and_blank_frames_are_counted(good_frames):
    frames = list(good_frames)
    for number in (10, 11, 12):
        frames[number] = replace(frames[number], image=frames[9].image.copy())
    frames[20] = replace(frames[20], image=np.zeros_like(frames[20].image))
    facts = measure_video(source_of(frames), pictures=3)
    assert np.flatnonzero(facts.frozen).tolist() == [10, 11, 12]
    assert facts.damage['longest_freeze'] == 3
    assert facts.damage['blank'] == 1


def test_motion_of_the_camera_in_shares_of_the_picture(good_frames):
    shift = np.float32([[1, 0, 8], [0, 1, 0]])
    size = good_frames[0].image.shape[1::-1]
    image = good_frames[0].image
    frames = []
    for frame in good_frames[:6]:
        frames.append(replace(frame, image=image))
        image = cv2.warpAffine(image, shift, size, borderMode=cv2.BORDER_REFLECT_101)
    facts = measure_video(source_of(frames), pictures=1)
    assert np.median(facts.motion[:, 0]) == pytest.approx(8 / 512, rel=0.25)


def test_no_more_is_read_than_asked_for(good_frames):
    assert measure_video(source_of(good_frames), pictures=2, limit=7).frames == 7


def test_people_of_the_pictures_that_are_looked_at(good_frames):
    facts = measure_video(
        source_of(good_frames),
        pictures=3,
        detect=lambda picture: np.array([[10, 10, 20, 30.0]] * 4),
    )
    assert facts.heights.tolist() == [20.0] * 4 * len(facts.pictures)


def test_longest_run():
    assert longest_run(np.zeros(0, bool)) == 0
    assert longest_run(np.array([True, False, True, True])) == 2
