import itertools
import struct
import threading
import time
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import av
import cv2
import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from vsd_mot.apis import open_source
from vsd_mot.errors import SourceError
from vsd_mot.video.reader import FrameReader
from vsd_mot.video.sources import ArraySource, CameraSource, FolderSource, Frame, FrameSource
from vsd_mot.video.video_source import VideoSource


def write_video(path, frames, fps=10, codec='libx264', **options):
    """A video by FFmpeg itself, not by this package's writer."""
    with av.open(str(path), 'w', options=options) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = 'yuv420p'
        stream.options = {'g': '4', 'crf': '10'} if codec == 'libx264' else {}
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format='bgr24')))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope='module')
def frames():
    return moving_boxes(12)


@pytest.fixture
def video(tmp_path, frames):
    return write_video(tmp_path / 'boxes.mp4', frames)


def test_folder_is_read_in_natural_order(tmp_path, frames):
    folder = write_frames(tmp_path / 'walk', frames)
    (folder / 'notes.txt').write_text('not an image')
    (folder / '.hidden.png').write_bytes(b'not an image')
    source = open_source(folder)
    read = list(source)
    assert isinstance(source, FolderSource)
    assert (source.name, source.length, source.live) == ('walk', 12, False)
    assert [frame.name for frame in read] == [f'frame{number}.png' for number in range(1, 13)]
    assert all(np.array_equal(frame.image, truth) for frame, truth in zip(read, frames))
    assert [frame.index for frame in read] == list(range(12))


@pytest.mark.parametrize('suffix', ['.jpg', '.JPEG', '.bmp', '.png', '.tif', '.webp'])
def test_image_formats(tmp_path, frames, suffix):
    source = open_source(write_frames(tmp_path / 'walk', frames[:2], suffix))
    errors = [np.abs(one.image.astype(int) - truth).mean() for one, truth in zip(source, frames)]
    assert len(errors) == 2
    assert max(errors) < 4


def test_sequence_folder_gives_its_frame_rate_and_name(tmp_path, frames):
    write_frames(tmp_path / 'MOT-01' / 'img1', frames)
    (tmp_path / 'MOT-01' / 'seqinfo.ini').write_text('[Sequence]\nframeRate=14\n')
    for path in (tmp_path / 'MOT-01', tmp_path / 'MOT-01' / 'img1'):
        source = open_source(path)
        assert (source.name, source.fps, source.length) == ('MOT-01', 14, 12)
    assert list(source)[7].time == pytest.approx(0.5)


@pytest.mark.parametrize(
    ('names', 'numbers'),
    [
        (['000001.png', '000003.png', '000007.png'], [1, 3, 7]),
        (['frame9.png', 'frame10.png'], [9, 10]),
        (['b1.png', 'c3.png', 'a5.png'], [1, 3, 5]),
        (['000000.png', '000001.png'], [1, 2]),
        (['a.png', 'b.png', 'c3.png'], [1, 2, 3]),
        (['a5.png', 'b5.png'], [1, 2]),
    ],
)
def test_frame_numbers_of_a_folder(tmp_path, frames, names, numbers):
    for name in names:
        cv2.imwrite(str(tmp_path / name), frames[0])
    read = list(open_source(tmp_path))
    assert [frame.name for frame in read] == names
    assert [frame.number for frame in read] == numbers
    assert [frame.index for frame in read] == list(range(len(names)))


def test_frames_without_files_count_from_one(video, frames):
    for source in (video, frames):
        assert [frame.number for frame in open_source(source)] == list(range(1, 13))


def test_seqinfo_of_a_folder(tmp_path, frames):
    write_frames(tmp_path / 'S' / 'img1', frames[:1])
    path = tmp_path / 'S' / 'seqinfo.ini'
    path.write_text('[Sequence]\nframeRate=14\n', encoding='utf-8-sig')
    assert open_source(tmp_path / 'S').fps == 14
    path.write_text('[Sequence]\nframeRate=fast\n')
    assert open_source(tmp_path / 'S').fps == 30
    path.write_text('frameRate=14\n')
    with pytest.raises(SourceError, match=r'seqinfo\.ini is not an ini file'):
        open_source(tmp_path / 'S')


def test_empty_folder_says_what_was_expected(tmp_path):
    with pytest.raises(SourceError, match=r'no images in the folder .*\.jpg'):
        open_source(tmp_path)


def test_images_of_different_size_are_an_error_that_names_the_file(tmp_path, frames):
    folder = write_frames(tmp_path / 'walk', frames[:3])
    cv2.imwrite(str(folder / 'frame2.png'), frames[0][:-2])
    with pytest.raises(SourceError, match=r'frame2\.png is 128x94 but .* 128x96'):
        list(open_source(folder))


@pytest.mark.parametrize('damage', ['truncated', 'empty', 'text', 'png'])
def test_unreadable_image_is_reported_in_its_place(tmp_path, damage):
    # Noise, so that the files are long enough to be cut.
    frames = np.random.default_rng(0).integers(0, 255, (3, 96, 128, 3), np.uint8)
    suffix = '.png' if damage == 'png' else '.jpg'
    folder = write_frames(tmp_path / 'walk', list(frames), suffix)
    file = folder / f'frame2{suffix}'
    content = file.read_bytes()
    cut = content[: len(content) // 2]
    file.write_bytes({'empty': b'', 'text': b'no image at all'}.get(damage, cut))
    first, second, third = open_source(folder)
    assert first.fault is None
    assert third.index == 2
    assert third.image is not None
    assert second.image is None
    assert f'frame2{suffix}' in second.fault


def test_video_file(video, frames):
    source = open_source(str(video))
    read = list(source)
    assert isinstance(source, VideoSource)
    assert (source.name, source.fps, source.length, source.live) == ('boxes', 10, 12, False)
    assert [frame.time for frame in read] == pytest.approx([number / 10 for number in range(12)])
    for frame, truth in zip(read, frames, strict=True):
        assert np.abs(frame.image.astype(int) - truth).mean() < 3
        assert frame.fault is None


def test_rotation_of_phones_is_applied_as_opencv_does(video):
    content = bytearray(video.read_bytes())
    matrix = content.index(b'tkhd') + 4 + 40  # the track header's display matrix
    turn = struct.pack('>9i', 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    content[matrix : matrix + 36] = turn
    video.write_bytes(content)
    expected = cv2.VideoCapture(str(video)).read()[1]
    image = next(iter(open_source(video))).image
    assert image.shape == expected.shape == (128, 96, 3)
    assert np.abs(image.astype(int) - expected).mean() < 2


def test_damaged_packet_is_one_reported_frame(tmp_path, frames):
    video = write_video(tmp_path / 'boxes.avi', frames, codec='mpeg4')
    with av.open(str(video)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    content = bytearray(video.read_bytes())
    start, size = packets[5].pos, packets[5].size
    content[start : start + size + 8] = b'\xff' * (size + 8)
    video.write_bytes(content)
    read = list(open_source(video))
    assert any(frame.fault for frame in read)
    assert sum(frame.image is not None for frame in read) >= 6
    assert [frame.index for frame in read] == list(range(len(read)))


def test_cut_video_breaks_off_with_a_report(tmp_path, frames):
    noise = list(np.random.default_rng(0).integers(0, 255, (12, 96, 128, 3), np.uint8))
    video = write_video(tmp_path / 'noise.mp4', noise, movflags='faststart')
    content = video.read_bytes()
    video.write_bytes(content[: int(len(content) * 0.6)])
    read = list(open_source(video))
    good = [frame for frame in read if frame.image is not None and frame.fault is None]
    assert 3 <= len(good) < 12
    assert read[-1].fault is not None or len(read) < 12


@pytest.mark.parametrize(
    ('content', 'message'),
    [(b'', 'is empty'), (b'this is no video at all' * 100, 'cannot be opened as a video')],
)
def test_what_is_no_video(tmp_path, content, message):
    path = tmp_path / 'clip.mp4'
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        open_source(path)


def test_sound_without_pictures(tmp_path):
    path = tmp_path / 'sound.mp4'
    with av.open(str(path), 'w') as container:
        stream = container.add_stream('aac', rate=8000, layout='mono')
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), 'fltp', 'mono')
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(SourceError, match='has no video in it'):
        open_source(path)


def test_what_does_not_exist():
    with pytest.raises(SourceError, match=r'nowhere\.mp4 does not exist: give a video file'):
        open_source('nowhere.mp4')


@pytest.mark.parametrize('camera', [77, '77'])
def test_camera_that_is_not_there(camera):
    with pytest.raises(SourceError, match='camera 77 cannot be opened'):
        open_source(camera)
    assert CameraSource.live


def test_stream_that_does_not_answer_hides_the_login():
    with pytest.raises(SourceError, match='check the address') as caught:
        open_source('http://user:secret@127.0.0.1:9/live.ts')
    assert 'secret' not in str(caught.value)


def test_arrays_and_their_mistakes(frames):
    assert [frame.index for frame in open_source(iter(frames))] == list(range(12))
    assert isinstance(open_source(frames), ArraySource)
    for wrong, message in (
        (frames[0].astype(np.float32), r'frame 1 is float32 .*expected a uint8 array'),
        (frames[0][..., 0], r'frame 1 is uint8 \(96, 128\)'),
        ('a.png', 'frame 1 is str'),
        (frames[0][1:], 'frame 1 is 128x95'),
    ):
        with pytest.raises(SourceError, match=message):
            list(open_source([frames[0], wrong]))


class Endless(FrameSource):
    """A camera of 200 frames per second."""

    live = True

    def __iter__(self):
        for index in itertools.count():
            time.sleep(0.005)
            yield Frame(index, np.zeros((4, 4, 3), np.uint8))


def test_live_reader_gives_the_newest_frame_and_counts_the_dropped():
    reader = FrameReader(Endless())
    seen = []
    for frame in reader:
        seen.append(frame.index)
        time.sleep(0.1)
        if len(seen) == 4:
            break
    reader.close()
    gaps = np.diff(seen)
    assert (gaps > 4).all()
    # At most one frame was put back unread when the reader was closed.
    assert 0 <= reader.dropped - (gaps - 1).sum() <= 60


def test_reader_hands_over_errors_and_ends_when_closed(frames):
    def broken():
        yield frames[0]
        raise OSError('the cable was pulled')

    reader = FrameReader(ArraySource(broken()))
    with pytest.raises(OSError, match='cable'):
        list(reader)
    reader = FrameReader(ArraySource(frames * 100), depth=2)
    next(iter(reader))
    reader.close()
    assert not reader._thread.is_alive()


class CameraServer(BaseHTTPRequestHandler):
    """Motion JPEG, as network cameras send it."""

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'multipart/x-mixed-replace; boundary=frame')
        self.end_headers()
        for frame in moving_boxes(30):
            data = cv2.imencode('.jpg', frame)[1].tobytes()
            head = f'--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n'
            self.wfile.write(head.encode() + data + b'\r\n')
            time.sleep(0.02)

    def log_message(self, *_args):
        pass


def test_network_camera_is_live():
    server = ThreadingHTTPServer(('127.0.0.1', 0), CameraServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        source = open_source(f'http://127.0.0.1:{server.server_port}/camera')
        read = list(source)
        source.close()
    finally:
        server.shutdown()
    assert source.live
    assert source.length is None
    assert len(read) >= 25
    assert read[0].image.shape == (96, 128, 3)


def test_frames_that_a_folder_leaves_out_take_their_time(tmp_path, frames):
    for name in ('000003.png', '000004.png', '000009.png'):
        cv2.imwrite(str(tmp_path / name), frames[0])
    source = open_source(tmp_path, fps=10)
    assert [frame.time for frame in source] == pytest.approx([0, 0.1, 0.6])
    assert source.fps == 10


def test_supplied_rate_replaces_the_times_of_a_video(video, frames):
    for source in (video, frames):
        reader = FrameReader(open_source(source, fps=5))
        assert [frame.time for frame in reader] == pytest.approx([n / 5 for n in range(12)])
    with pytest.raises(SourceError, match='not 0'):
        open_source(video, fps=0)
    with pytest.raises(SourceError, match='is live'):
        Endless().supply_rate(5)


def test_variable_frame_rate_is_that_of_the_container(tmp_path, frames):
    times = [0, 1, 2, 10, 11, 15, 16]
    path = tmp_path / 'variable.mp4'
    with av.open(str(path), 'w') as container:
        stream = container.add_stream('libx264', rate=10)
        stream.height, stream.width, stream.pix_fmt = 96, 128, 'yuv420p'
        for position, image in zip(times, frames):
            picture = av.VideoFrame.from_ndarray(image, format='bgr24')
            picture.pts = position
            picture.time_base = Fraction(1, 10)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    read = list(open_source(path))
    assert [frame.time for frame in read] == pytest.approx([t / 10 for t in times], abs=0.01)
