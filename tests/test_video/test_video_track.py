import av
import numpy as np
import pytest

from vsd_mot.apis import open_source
from vsd_mot.errors import SourceError

GREY, WHITE = 90, 250


def write_tracks(path, *tracks):
    """Write a Matroska file with tracks of (width, height, level, disposition)."""
    with av.open(str(path), 'w') as container:
        streams = []
        for width, height, _, disposition in tracks:
            stream = container.add_stream('mpeg4', rate=10)
            stream.width, stream.height, stream.pix_fmt = width, height, 'yuv420p'
            stream.disposition = disposition
            streams.append(stream)
        for _ in range(4):
            for stream, (width, height, level, _) in zip(streams, tracks):
                picture = np.full((height, width, 3), level, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, 'bgr24')))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    'tracks',
    [
        [(32, 32, GREY, 0), (64, 48, WHITE, av.stream.Disposition.default)],
        [(32, 32, GREY, 0), (64, 48, WHITE, 0)],
        [(640, 480, GREY, 0), (64, 48, WHITE, av.stream.Disposition.default)],
    ],
)
def test_the_track_that_a_player_shows(tmp_path, tracks):
    source = open_source(write_tracks(tmp_path / 'two.mkv', *tracks))
    frames = list(source)
    assert [frame.image.mean() > 200 for frame in frames] == [True] * 4
    assert '2 video tracks; number 1 (64 x 48) is tracked' in source.note
    assert source.incomplete is None


def test_one_track_needs_no_words(tmp_path):
    assert open_source(write_tracks(tmp_path / 'one.mkv', (64, 48, WHITE, 0))).note is None


def test_a_cover_is_no_video(tmp_path):
    path = tmp_path / 'song.mp4'
    with av.open(str(path), 'w') as container:
        sound = container.add_stream('aac', rate=8000, layout='mono')
        cover = container.add_stream('mjpeg', rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, 'yuvj420p'
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), GREY, np.uint8), 'bgr24')
        container.mux(cover.encode(picture))
        container.mux(cover.encode(None))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), 'fltp', 'mono')
        frame.sample_rate = 8000
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    with pytest.raises(SourceError, match='no video in it, only a cover picture'):
        open_source(path)
