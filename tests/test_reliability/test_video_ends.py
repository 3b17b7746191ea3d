"""A header is a guess, and an end that it denies is said: cases 09 and 19, trials B12 and B13."""

import json
import struct
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from vsd_mot.apis import TrackOutputs, open_source
from vsd_mot.apis.masks import untracked
from vsd_mot.commands import track
from vsd_mot.errors import SourceError

NOISE = np.random.default_rng(0).integers(0, 255, (30, 48, 64, 3), np.uint8)


def write(path, frames=NOISE, codec='mpeg4', times=None, aspect=None, **options):
    with av.open(str(path), 'w', options=options) as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = 'yuv420p'
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        for number, image in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(image, 'bgr24')
            if times is not None:
                picture.pts = times[number]
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def cut(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    return path


@pytest.mark.parametrize('suffix', ['.mp4', '.mov', '.mkv', '.avi'])
@pytest.mark.parametrize('share', [0.6, 0.97])
def test_a_cut_video_says_so(tmp_path, suffix, share):
    source = open_source(cut(write(tmp_path / f'cut{suffix}', movflags='faststart'), share))
    frames = list(source)
    assert 10 <= len(frames) <= 30
    assert f'ends after frame {len(frames)} of 30: it is cut off' in source.incomplete


@pytest.mark.parametrize('suffix', ['.mp4', '.mkv', '.avi', '.ts', '.flv'])
def test_a_whole_video_gets_no_blame(tmp_path, suffix):
    codec = 'flv1' if suffix == '.flv' else 'mpeg4'
    source = open_source(write(tmp_path / f'whole{suffix}', codec=codec))
    assert len(list(source)) == 30
    assert source.incomplete is source.remark is source.note is None


def test_an_end_that_the_header_alone_denies(tmp_path):
    """A file that was given its full length before the download, the rest of it zeros."""
    path = write(tmp_path / 'zeros.mp4', movflags='faststart')
    content = bytearray(path.read_bytes())
    begin = int(0.6 * len(content))
    content[begin:] = bytes(len(content) - begin)
    path.write_bytes(content)
    source = open_source(path)
    frames = list(source)
    assert sum(frame.image is not None for frame in frames) < 30
    assert source.incomplete or any(frame.fault for frame in frames)


def test_what_an_edit_list_hides_is_not_missing(tmp_path):
    path = write(tmp_path / 'trimmed.mp4')
    content = bytearray(path.read_bytes())
    place = content.index(b'elst') + 12
    length = struct.unpack('>I', content[place : place + 4])[0]
    content[place : place + 4] = struct.pack('>I', length // 2)
    path.write_bytes(content)
    source = open_source(path)
    assert len(list(source)) == 15
    assert source.incomplete is None


def test_a_wrong_length_in_the_header_ends_nothing(tmp_path):
    path = write(tmp_path / 'header.avi')
    content = bytearray(path.read_bytes())
    frames = content.index(b'strh') + 8 + 32
    for count in (5, 900):
        content[frames : frames + 4] = struct.pack('<I', count)
        path.write_bytes(content)
        source = open_source(path)
        assert len(list(source)) == 30
        assert source.incomplete is None
        assert (source.remark is not None) == (count == 900)


def test_the_failing_frame_is_named_where_it_is():
    frames = list(open_source('tests/data/reliability/damaged.mp4'))
    assert [frame.index + 1 for frame in frames if frame.image is None] == [5]
    assert [frame.time for frame in frames] == pytest.approx([k / 10 for k in range(12)])


def test_a_clock_that_starts_again(tmp_path):
    one = write(tmp_path / 'one.ts', codec='mpeg2video').read_bytes()
    path = tmp_path / 'two.ts'
    path.write_bytes(one + one)
    times = [frame.time for frame in open_source(path)]
    assert len(times) > 50
    assert np.diff(times).min() > 0
    assert times[-1] < 8


@pytest.mark.parametrize(('turned', 'expected'), [(False, (2, 1)), (True, (1, 2))])
def test_pixels_that_are_not_square_stay_so(tmp_path, turned, expected):
    path = write(tmp_path / 'wide.mp4', moving_boxes(3), aspect=Fraction(2))
    if turned:
        content = bytearray(path.read_bytes())
        matrix = content.index(b'tkhd') + 4 + 40
        content[matrix : matrix + 36] = struct.pack(
            '>9i', 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30
        )
        path.write_bytes(content)
    source = open_source(path)
    with TrackOutputs(tmp_path / 'out', source) as outputs:
        for frame in source:
            outputs.write(untracked(frame))
    with av.open(str(outputs.files['video'])) as container:
        aspect = container.streams.video[0].sample_aspect_ratio
    assert (aspect.numerator, aspect.denominator) == expected


def test_wrong_objects_are_refused_by_name(tmp_path):
    path = write(tmp_path / 'a.mp4')
    for wrong in (cv2.VideoCapture(str(path)), True, None, {}, b'a.mp4', 2.5, NOISE[0]):
        with pytest.raises(SourceError, match='is nothing that can be tracked'):
            open_source(wrong)
    with path.open('rb') as file, pytest.raises(SourceError, match='is nothing that can be'):
        open_source(file)
    with pytest.raises(SourceError, match='camera 177 cannot be opened'):
        open_source(np.int64(177))
    with pytest.raises(SourceError, match='a pipe or device'):
        open_source('/dev/null')


def test_demo_of_a_cut_video(tmp_path, capsys):
    """Its status, its words and its JSON say the same; what could be tracked is written."""
    path = cut(write(tmp_path / 'cut.mkv'), 0.5)
    config = 'configs/motrv2/motrv2_tiny_2xb1-5e_synthetic_test-synthetic.py'
    weights = 'demo/motrv2_tiny_synthetic.pth'
    out = tmp_path / 'out'
    arguments = [str(path), config, weights, '--out', str(out), '--no-video', '--device', 'cpu']
    assert track.main(arguments) == 1
    said = capsys.readouterr()
    assert 'cut off' in said.err
    info = json.loads((out / 'cut.json').read_text())['info']
    assert info['complete'] is False
    assert 'cut off' in info['incomplete']
    assert info['frames'] >= 5
    assert (out / 'cut.txt').is_file()


@pytest.mark.parametrize('rate', ['nan', '0', '-5', '1e9'])
def test_a_rate_that_cannot_be_is_said(tmp_path, rate):
    write_frames(tmp_path / 'a', moving_boxes(2))
    (tmp_path / 'a' / 'seqinfo.ini').write_text(f'[Sequence]\nframeRate={rate}\n')
    source = open_source(tmp_path / 'a')
    assert source.fps == 30
    assert 'frames per second, which cannot be: 30 are taken' in source.note
