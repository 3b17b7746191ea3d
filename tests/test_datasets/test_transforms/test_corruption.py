"""The transform that corrupts frames and clips."""

import numpy as np
from mmtrack.registry import TRANSFORMS

from corruption_samples import frame_of, write_panning_video
from vsd_mot.degradation.corruptions import build_corruption


def test_transform_takes_frames_and_clips(tmp_path):
    video = write_panning_video(tmp_path / 'PAN' / 'img1')
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
