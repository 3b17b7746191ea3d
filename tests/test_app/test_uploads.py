"""Opening what a visitor uploads."""

from contextlib import closing

import numpy as np
import pytest

from app_samples import bright_video
from source_samples import write_video
from vsd_mot.app.uploads import Limits, open_upload
from vsd_mot.errors import SourceError


def test_a_video_is_called_by_its_name_alone(tmp_path) -> None:
    with closing(open_upload(bright_video(tmp_path / 'walk.mp4', 3), Limits(), fps=5)) as source:
        assert (source.label, source.name, source.fps) == ('walk.mp4', 'walk', 5)
        assert [frame.image.shape for frame in source] == [(96, 128, 3)] * 3


@pytest.mark.parametrize(
    ('name', 'content', 'reason'),
    [
        ('empty.mp4', b'', 'is empty'),
        ('text.mp4', b'hello ' * 100, 'cannot be opened as a video'),
        ('list.mp4', b"ffconcat version 1.0\nfile 'walk.mp4'\n", 'list of other files'),
        ('play.mp4', b'#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nwalk.mp4\n', ''),
    ],
)
def test_what_is_no_video_is_refused_without_naming_the_folder(
    tmp_path, name, content, reason
) -> None:
    bright_video(tmp_path / 'walk.mp4', 3)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=f'^{name} .*{reason}') as error:
        open_upload(tmp_path / name, Limits())
    assert str(tmp_path) not in str(error.value)


def test_frames_that_are_too_large_are_refused(tmp_path) -> None:
    video = bright_video(tmp_path / 'walk.mp4', 2)
    with closing(open_upload(video, Limits(pixels=96 * 128))):
        pass
    with pytest.raises(SourceError, match=r'walk\.mp4 have 128 x 96 pixels; at most 0\.0 million'):
        open_upload(video, Limits(pixels=96 * 128 - 1))


def test_frames_that_grow_on_the_way_are_not_decoded(tmp_path) -> None:
    """An H.264 stream may change its size, whatever its first frames say."""
    small, large = (np.full((size, size, 3), 90, np.uint8) for size in (64, 256))
    parts = [
        write_video(tmp_path / f'{size}.h264', [frame] * 4).read_bytes()
        for size, frame in ((64, small), (256, large))
    ]
    video = tmp_path / 'grows.h264'
    video.write_bytes(b''.join(parts))
    with closing(open_upload(video, Limits())) as source:
        sizes = {frame.image.shape[0] for frame in source if frame.image is not None}
    assert sizes == {64, 256}
    with closing(open_upload(video, Limits(pixels=128 * 128))) as source:
        frames = list(source)
    assert {frame.image.shape[0] for frame in frames if frame.image is not None} == {64}
    assert any(frame.fault for frame in frames)


def test_a_rate_that_cannot_be_is_refused(tmp_path) -> None:
    with pytest.raises(SourceError, match=r'a frame rate is 0\.1 to 1000'):
        open_upload(bright_video(tmp_path / 'walk.mp4', 2), Limits(), fps=5000)
