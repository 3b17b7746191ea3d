"""Real encoders, and what their streams lose."""

import numpy as np
import pytest

from corruption_samples import LENGTH, frame_of, psnr
from vsd_mot.degradation.corruptions import SEVERITIES
from vsd_mot.degradation.corruptions.codec import H264, H264Stream, H265Stream, nal_units
from vsd_mot.degradation.corruptions.night import NightInfrared


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


class Lossless(H264Stream):
    """A stream that loses nothing."""

    levels = ((0.06, 0.0),) * 5


@pytest.mark.parametrize('kind', [H264Stream, H265Stream])
def test_a_stream_gives_a_frame_for_each_frame_and_damage_stays_until_a_key_frame(
    kind, video, tmp_path
):
    stream = kind(3, cache_dir=str(tmp_path))
    (file,) = [stream._encoded(tuple(str(p) for p in sorted(video.iterdir())))]
    assert len(list(stream.decode(file))) == LENGTH


def test_what_is_lost_makes_it_worse(video, tmp_path):
    frames = [frame_of(video, number) for number in range(LENGTH)]
    whole, lossy = Lossless(5, cache_dir=str(tmp_path)), H264Stream(5, cache_dir=str(tmp_path))
    worse = [psnr(image, whole(image, at)) - psnr(image, lossy(image, at)) for image, at in frames]
    assert np.mean(worse) > 3


def test_the_encoder_sees_what_the_camera_made(video, tmp_path):
    night = NightInfrared(3)
    stream = H264(1, cache_dir=str(tmp_path), before=[night])
    image, frame = frame_of(video, 5)
    seen = stream(image, frame)
    assert psnr(night(image, frame), seen) > psnr(image, seen) + 5
    assert np.ptp(seen.astype(int), axis=2).mean() < 3, 'no colour'


def test_units_of_a_bitstream():
    data = bytes([0, 0, 0, 1, 9, 7, 0, 0, 1, 5])
    assert nal_units(data) == [bytes([9, 7]), bytes([5])]
