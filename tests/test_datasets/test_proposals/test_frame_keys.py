"""Names of frames."""

import pytest

from vsd_mot.datasets.proposals import (
    frame_key,
)


@pytest.mark.parametrize(
    ('path', 'key'),
    [
        ('a/img1/1.jpg', 'a/img1/1.jpg'),
        ('a\\img1\\1.jpg', 'a/img1/1.jpg'),
        ('./a//img1/./1.jpg', 'a/img1/1.jpg'),
    ],
)
def test_key_is_the_same_on_every_system(path, key):
    assert frame_key(path) == key


@pytest.mark.parametrize('path', ['', '/etc/passwd', '../a.jpg', 'a/../../b.jpg', 'C:\\a.jpg', '.'])
def test_path_that_leaves_its_set_is_refused(path):
    with pytest.raises(ValueError, match='cannot name a frame'):
        frame_key(path)
