"""Corruptions by name."""

import pytest

from corruption_samples import frame_of
from vsd_mot.degradation.corruptions import Frame, build_corruption
from vsd_mot.degradation.corruptions.codec import H264


def test_wrong_use_is_reported(video, tmp_path):
    with pytest.raises(ValueError, match=r'no corruption .sleet.; known: gaussian_noise'):
        build_corruption('sleet', 1)
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
