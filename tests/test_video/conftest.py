"""Fixtures of the tests of video."""

import pytest

from bright_box_tracker import moving_boxes
from source_samples import write_video


@pytest.fixture(scope='module')
def frames():
    """Twelve pictures of two boxes that move."""
    return moving_boxes(12)


@pytest.fixture
def video(tmp_path, frames):
    """The same as a video file."""
    return write_video(tmp_path / 'boxes.mp4', frames)
