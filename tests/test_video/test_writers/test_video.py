"""Videos that browsers play."""

import av
import numpy as np
import pytest

from bright_box_tracker import moving_boxes
from result_samples import read_video, results
from vsd_mot.video.writers import VideoWriter


@pytest.mark.parametrize('size', [(96, 128), (97, 129), (2, 2)])
def test_video_is_h264_that_browsers_play(tmp_path, size):
    picture = np.full((*size, 3), 90, np.uint8)
    with VideoWriter(tmp_path / 'a.mp4', 12.5) as writer:
        for result in results(7, fps=12.5):
            writer.write(result, picture)
    frames, fps = read_video(tmp_path / 'a.mp4')
    assert fps == pytest.approx(12.5)
    assert len(frames) == 7
    assert frames[0].shape == (size[0] + size[0] % 2, size[1] + size[1] % 2, 3)
    assert abs(int(frames[3].mean()) - 90) < 4
    with av.open(str(tmp_path / 'a.mp4')) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ('h264', 'yuv420p')
        assert container.duration / av.time_base == pytest.approx(7 / 12.5, abs=0.01)
    content = (tmp_path / 'a.mp4').read_bytes()
    assert content.index(b'moov') < content.index(b'mdat')  # plays before it is loaded


def test_video_of_a_camera_keeps_the_time(tmp_path):
    with VideoWriter(tmp_path / 'a.mp4', 30.0) as writer:
        for result, seconds in zip(results(4), (0.0, 0.5, 0.5, 2.0)):
            result.time = seconds
            writer.write(result, result.image)
    with av.open(str(tmp_path / 'a.mp4')) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([0.0, 0.5, 0.5, 2.0], abs=0.001)
    assert times[2] > times[1]


def test_video_without_an_h264_encoder(tmp_path):
    with VideoWriter(tmp_path / 'a.mp4', 10.0, encoder='mpeg4') as writer:
        for result in results(5):
            writer.write(result, result.image)
    frames, _ = read_video(tmp_path / 'a.mp4')
    assert len(frames) == 5
    assert np.abs(frames[4].astype(int) - moving_boxes(5)[4]).mean() < 6
