"""What a video file says of itself."""

import numpy as np
import pytest

from source_samples import write_video
from vsd_mot.evaluation.video_diagnosis.container import read_container


def test_codec_and_bits_of_a_file(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / 'street.mp4'
    write_video(path, list(rng.integers(0, 255, (20, 48, 64, 3), dtype=np.uint8)), fps=10)
    container = read_container(path)
    assert container.codec == 'h264'
    # Random pixels are nearly all of the file.
    bits = 8 * path.stat().st_size
    assert container.bitrate == pytest.approx(bits / 2, rel=0.1), 'two seconds'
    assert container.bits_per_pixel == pytest.approx(bits / (20 * 48 * 64), rel=0.1)


def test_frames_from_key_frame_to_key_frame(tmp_path):
    path = tmp_path / 'still.mp4'
    write_video(path, [np.full((48, 64, 3), 90, np.uint8)] * 20)  # a key frame every four
    assert read_container(path).key_frames == 4


def test_what_is_no_video_file_says_nothing(tmp_path):
    text = tmp_path / 'notes.mp4'
    text.write_text('not a video')
    assert read_container(text) is None
    assert read_container(tmp_path) is None
    assert read_container(None) is None
