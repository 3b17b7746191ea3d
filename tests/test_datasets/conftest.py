"""Fixtures of the tests of data sets and transforms."""

import pytest
from mmengine.registry import DefaultScope

from small_sets import write_still_set, write_video_set


@pytest.fixture(autouse=True)
def _mmtrack_scope():
    with DefaultScope.overwrite_default_scope('mmtrack'):
        yield


@pytest.fixture(scope='module')
def videos(tmp_path_factory):
    root = tmp_path_factory.mktemp('videos')
    return write_video_set(root, dict(first=12, second=3), empty=(4,))


@pytest.fixture(scope='module')
def stills(tmp_path_factory):
    return write_still_set(tmp_path_factory.mktemp('stills'))
