import pytest

from good_video import walk_past_a_photograph


@pytest.fixture(scope='session')
def good_frames():
    return walk_past_a_photograph()
