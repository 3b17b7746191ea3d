"""Video files and streams, whole and damaged."""

import struct
import threading
import time
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import av
import cv2
import numpy as np
import pytest

from bright_box_tracker import moving_boxes
from source_samples import write_video
from vsd_mot.apis import open_source
from vsd_mot.errors import SourceError
from vsd_mot.video.video_source import VideoSource


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


def test_list_of_other_files_is_refused(video):
    listing = video.with_name('upload.mp4')
    listing.write_text(f'ffconcat version 1.0\nfile {video.name}\n')
    with pytest.raises(SourceError, match=r'upload.mp4 is no video but a list .* \(concat\)'):
        open_source(listing)


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


def test_stream_that_does_not_answer_hides_the_login():
    with pytest.raises(SourceError, match='check the address') as caught:
        open_source('http://user:secret@127.0.0.1:9/live.ts')
    assert 'secret' not in str(caught.value)


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
