import av
import numpy as np
import pytest

from vsd_mot.apis import open_source
from vsd_mot.video.file_end import joined_videos, missing_bytes

CODECS = {'.mp4': 'libx264', '.mov': 'mpeg4', '.mkv': 'mpeg4', '.webm': 'libvpx', '.avi': 'mpeg4'}


def noisy_video(path, codec):
    noise = np.random.default_rng(0).integers(0, 255, (8, 48, 64, 3), np.uint8)
    with av.open(str(path), 'w', options={'movflags': 'faststart'}) as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width, stream.pix_fmt = 48, 64, 'yuv420p'
        for image in noise:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, 'bgr24')))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize('suffix', CODECS)
def test_bytes_that_a_cut_file_lacks(tmp_path, suffix):
    path = noisy_video(tmp_path / f'a{suffix}', CODECS[suffix])
    whole = path.read_bytes()
    assert missing_bytes(path) == 0
    for share in (0.4, 0.8, 0.99):
        path.write_bytes(whole[: int(share * len(whole))])
        assert missing_bytes(path) == len(whole) - int(share * len(whole))


def test_an_appendix_is_no_lack(tmp_path):
    path = noisy_video(tmp_path / 'a.mp4', 'libx264')
    path.write_bytes(path.read_bytes() + b'\xff\xff\xff\xffjunk of a recorder')
    assert missing_bytes(path) == 0


@pytest.mark.parametrize(
    'content',
    [
        b'',
        b'RIFF',
        b'RIFF\x00\x00\x00\x00AVI LIST',
        b'RIFF\xff\xff\xff\xffAVI LIST',
        b'\x1a\x45\xdf\xa3',
        b'\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff',
        b'\x00\x00\x00\x00ftypisom',
        b'\x00\x00\x00\x01mdat\x00\x00\x00\x00',
        b'G' * 376,
    ],
)
def test_sizes_that_are_unknown(tmp_path, content):
    path = tmp_path / 'a.bin'
    path.write_bytes(content)
    assert missing_bytes(path) == 0


def test_files_that_were_joined_by_copying(tmp_path):
    one, joined = tmp_path / 'one.mp4', tmp_path / 'joined.mp4'
    noisy_video(one, 'libx264')
    joined.write_bytes(one.read_bytes() * 3)
    assert (joined_videos(one), joined_videos(joined)) == (1, 3)
    source = open_source(joined)
    frames = len(list(source))
    assert frames == len(list(open_source(one)))
    assert 'holds 3 videos, joined by copying' in source.incomplete
