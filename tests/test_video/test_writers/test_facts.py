from pathlib import Path

from vsd_mot.video.writers.facts import VideoFacts


def test_the_file_is_named_where_there_is_one():
    assert VideoFacts('street', 25.0, Path('/videos/street.mp4')).file_name == 'street.mp4'
    assert VideoFacts('street', 25.0).file_name == 'street'
