"""What depends on other frames: losses and H.264."""

import numpy as np
import pytest

from corruption_samples import LENGTH, frame_of, psnr
from vsd_mot.degradation.corruptions import SEVERITIES, Frame
from vsd_mot.degradation.corruptions.temporal import H264, FrozenFrames


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
