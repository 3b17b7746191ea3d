"""Fixtures of the tests of corruptions."""

import pytest

from corruption_samples import write_panning_video


@pytest.fixture(scope='package')
def video(tmp_path_factory):
    """Folder of the frames of a small video."""
    return write_panning_video(tmp_path_factory.mktemp('set') / 'PAN' / 'img1')
