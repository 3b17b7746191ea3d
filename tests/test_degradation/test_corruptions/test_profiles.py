"""Kinds of cameras."""

import numpy as np
import pytest

from corruption_samples import frame_of, psnr
from vsd_mot.degradation.corruptions import PROFILES, Frame, build_corruption


@pytest.mark.parametrize('name', list(PROFILES))
def test_a_worse_camera_of_a_kind_is_worse(name, video, tmp_path):
    frames = [frame_of(video, number) for number in (3, 9, 15)]
    mild, bad = (build_corruption(name, s, cache_dir=str(tmp_path)) for s in (1, 5))
    for image, frame in frames:
        assert psnr(image, mild(image, frame)) > psnr(image, bad(image, frame)) + 1


def test_every_video_has_a_camera_of_its_own():
    profile = build_corruption('bodycam', 3)
    chains = [
        tuple(part.severity for part in profile.drawn(Frame(f'{video}/img1/1.jpg', 0)))
        for video in 'abcdefgh'
    ]
    assert len(set(chains)) > 2
    assert chains == [
        tuple(part.severity for part in profile.drawn(Frame(f'{video}/img1/1.jpg', 9)))
        for video in 'abcdefgh'
    ]


def test_cctv_records_few_frames_and_night_has_no_colour(video, tmp_path):
    cctv = build_corruption('cctv-6fps', 3)
    kept = [n for n in range(300) if cctv.keeps(Frame('v/img1/1.jpg', n, 30.0))]
    assert 4 * 10 <= len(kept) <= 8 * 10
    image, frame = frame_of(video, 4)
    night = build_corruption('night-ir', 3, cache_dir=str(tmp_path))(image, frame)
    assert np.ptp(night.astype(int), axis=2).mean() < 3
