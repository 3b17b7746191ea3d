"""Video compression by real encoders, and bitstreams that lost packets on their way."""

from __future__ import annotations

import hashlib
import os
import tempfile
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, cast

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext

from ...images import read_image
from ..seeding import stream, video_name
from .base import Corruption, Frame, position_of

RATE = 25  # frames per second for which encoders are told to work
PACKET = 1400  # bytes that a network packet carries


class CodecCorruption(Corruption):
    """A whole video is encoded once, into a cache; frames are decoded in order.

    Args:
        severity: 1 to 5.
        seed: Of what is lost on the way; encoders do not use it.
        cache_dir: Folder of the encoded videos. Defaults to one in the system's temporary folder.
        before: Corruptions of the scene and camera, before the encoder sees a frame.
    """

    suffix: ClassVar[str]

    def __init__(
        self,
        severity: int,
        seed: int = 0,
        *,
        cache_dir: str | None = None,
        before: Sequence[Corruption] = (),
    ) -> None:
        super().__init__(severity, seed)
        self.cache_dir = Path(cache_dir or Path(tempfile.gettempdir()) / 'vsd_mot_h264')
        self.before = tuple(before)
        self._path: Path | None = None
        self._decoder: Iterator[np.ndarray] = iter(())
        self._decoded: np.ndarray | None = None
        self._decoded_position = -1

    @abstractmethod
    def encode(self, paths: tuple[str, ...], target: Path) -> None:
        """Encode the images of a video into a file."""

    @abstractmethod
    def decode(self, video: Path) -> Iterator[np.ndarray]:
        """Yield the frames of a file that :meth:`encode` wrote, (H, W, 3) BGR."""

    @abstractmethod
    def identity(self) -> str:
        """Return all settings of which the file depends, as text."""

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Decode the video's frame."""
        paths, position = position_of(frame)
        video = self._encoded(paths)
        if video != self._path or position < self._decoded_position:
            self._path, self._decoder = video, self.decode(video)
            self._decoded, self._decoded_position = None, -1
        while self._decoded_position < position:
            self._decoded = next(self._decoder, self._decoded)
            self._decoded_position += 1
        if self._decoded is None:
            raise ValueError(f'{video} holds no frame {position}; remove it to encode it again')
        height, width = image.shape[:2]
        return self._decoded[:height, :width].copy()

    def _encoded(self, paths: tuple[str, ...]) -> Path:
        """Return the video's file in the cache; encode it if it is missing or images changed."""
        stamps = [f'{path} {os.stat(path).st_mtime_ns}' for path in (paths[0], paths[-1])]
        before = [f'{type(one).__name__} {one.severity} {one.seed}' for one in self.before]
        key = f'{len(paths)} {" ".join(stamps)} {self.identity()} {before}'
        name = hashlib.sha256(key.encode()).hexdigest()[:24]
        target = self.cache_dir / f'{name}{self.suffix}'
        if not target.exists():
            self.cache_dir.mkdir(parents=True, exist_ok=True)
            temporary = self.cache_dir / f'.{name}.{os.getpid()}{self.suffix}'
            self.encode(paths, temporary)
            os.replace(temporary, target)
        return target

    def pictures(self, paths: tuple[str, ...]) -> Iterator[av.VideoFrame]:
        """Yield the images as the encoder gets them: of even sides, for its halved chroma."""
        size = None
        for number, path in enumerate(paths):
            image = read_image(path)
            size = size or image.shape[:2]
            if image.shape[:2] != size:
                raise ValueError(f'{path} differs in size from {paths[0]}')
            for corruption in self.before:
                image = corruption(image, Frame(path, number))
            height, width = size
            image = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
            yield av.VideoFrame.from_ndarray(image.astype(np.uint8, copy=False), format='bgr24')


class H264(CodecCorruption):
    """Low-bitrate video, by a real encoder (libx264); the level is its rate factor (CRF)."""

    levels = (30, 35, 40, 45, 50)
    suffix = '.mp4'
    _options: ClassVar[dict[str, str]] = {'preset': 'veryfast', 'g': '60'}

    def identity(self) -> str:
        """Return rate factor and options."""
        return f'{self.level} {self._options}'

    def encode(self, paths: tuple[str, ...], target: Path) -> None:
        """Encode by one thread, so that the bytes do not depend on the cores."""
        with av.open(str(target), 'w') as container:
            options = dict(self._options, crf=str(self.level))
            encoder = container.add_stream('libx264', rate=Fraction(RATE), options=options)
            encoder.pix_fmt = 'yuv420p'
            encoder.codec_context.thread_count = 1
            for number, picture in enumerate(self.pictures(paths)):
                if number == 0:
                    encoder.width, encoder.height = picture.width, picture.height
                container.mux(encoder.encode(picture))
            container.mux(encoder.encode())

    def decode(self, video: Path) -> Iterator[np.ndarray]:
        """Decode frame by frame."""
        with av.open(str(video)) as container:
            for picture in container.decode(video=0):
                yield picture.to_ndarray(format='bgr24')


class H264Stream(CodecCorruption):
    """A stream at a capped bitrate with long groups of pictures, of which packets get lost.

    The encoder's own bitstream is cut into packets of 1400 bytes, some of them are taken out, and
    the real decoder conceals what it can; the damage stays until the next key frame. Parameter sets
    always arrive. The level is (bits per pixel, share of the packets that are lost).
    """

    levels = ((0.06, 0.002), (0.04, 0.006), (0.03, 0.015), (0.02, 0.03), (0.013, 0.06))
    suffix = '.npz'
    encoder, decoder = 'libx264', 'h264'
    group = 125  # frames from one key frame to the next: five seconds
    _parameter_sets: ClassVar[tuple[int, ...]] = (6, 7, 8, 9)  # and what goes with them

    def identity(self) -> str:
        """Return all that decides the damaged bitstream."""
        return f'{self.encoder} {self.level} {self.group} {self.seed}'

    @staticmethod
    def unit_type(unit: bytes) -> int:
        """Return the type of a NAL unit without its start code."""
        return unit[0] & 0x1F

    def _options(self, pixels: int) -> dict[str, str]:
        rate = max(8000, round(self.level[0] * pixels * RATE))
        return dict(
            preset='veryfast',
            tune='zerolatency',
            g=str(self.group),
            b=str(rate),
            maxrate=str(rate),
            bufsize=str(rate),
            **{'x264-params': 'slices=4:keyint_min=125:scenecut=0:repeat-headers=1:annexb=1'},
        )

    def encode(self, paths: tuple[str, ...], target: Path) -> None:
        """Encode, lose packets, and keep what arrives: bytes, and how many each frame has."""
        encoder = cast(VideoCodecContext, av.CodecContext.create(self.encoder, 'w'))
        sent: list[bytes] = []
        for picture in self.pictures(paths):
            if not sent:
                encoder.width, encoder.height = picture.width, picture.height
                encoder.pix_fmt, encoder.framerate = 'yuv420p', Fraction(RATE)
                encoder.time_base = Fraction(1, RATE)
                encoder.thread_count = 1
                encoder.options = self._options(picture.width * picture.height)
            picture.pts = len(sent)
            packets = encoder.encode(picture.reformat(format='yuv420p'))
            sent.append(b''.join(bytes(packet) for packet in packets))
        sent[-1] += b''.join(bytes(packet) for packet in encoder.encode(None))
        rng = stream(self.seed, video_name(paths[0]), type(self).__name__)
        arrived = [self._transmit(data, rng) for data in sent]
        sizes = np.array([len(data) for data in arrived])
        with target.open('wb') as file:
            np.savez(file, data=np.frombuffer(b''.join(arrived), np.uint8), sizes=sizes)

    def _transmit(self, data: bytes, rng: np.random.Generator) -> bytes:
        """Take lost packets out of a frame's bitstream."""
        arrived = []
        for unit in nal_units(data):
            if self.unit_type(unit) in self._parameter_sets:
                arrived.append(unit)
                continue
            pieces = [unit[start : start + PACKET] for start in range(0, len(unit), PACKET)]
            kept = [piece for piece in pieces if rng.random() >= self.level[1]]
            # Without its head a unit is nothing.
            if kept and kept[0] is pieces[0]:
                arrived.append(b''.join(kept))
        return b''.join(b'\0\0\0\1' + unit for unit in arrived)

    def decode(self, video: Path) -> Iterator[np.ndarray]:
        """Decode what arrived; a frame of which nothing did shows the one before."""
        with np.load(video, allow_pickle=False) as stored:
            data, sizes = stored['data'].tobytes(), stored['sizes'].tolist()
        decoder = cast(VideoCodecContext, av.CodecContext.create(self.decoder, 'r'))
        decoder.thread_count = 1
        decoder.options = {'flags': '+output_corrupt+low_delay', 'flags2': '+showall'}
        picture: np.ndarray | None = None
        waiting, start = 0, 0
        for size in sizes:
            packet = av.Packet(data[start : start + size])
            start += size
            try:
                pictures = decoder.decode(packet) if size else []
            except av.FFmpegError:
                pictures = []
            if pictures:
                picture = pictures[-1].to_ndarray(format='bgr24')
            if picture is None:  # nothing has arrived yet: what a player shows is grey
                waiting += 1
                continue
            while waiting:
                waiting -= 1
                yield np.full_like(picture, 128)
            yield picture


class H265Stream(H264Stream):
    """The same in H.265 (libx265), at two thirds of the bits."""

    levels = ((0.04, 0.002), (0.027, 0.006), (0.02, 0.015), (0.013, 0.03), (0.009, 0.06))
    encoder, decoder = 'libx265', 'hevc'
    _parameter_sets: ClassVar[tuple[int, ...]] = (32, 33, 34, 35, 39, 40)

    @staticmethod
    def unit_type(unit: bytes) -> int:
        """Return the type of a NAL unit without its start code."""
        return (unit[0] >> 1) & 0x3F

    def _options(self, pixels: int) -> dict[str, str]:
        rate = max(8000, round(self.level[0] * pixels * RATE))
        kilobits = max(8, rate // 1000)
        parameters = (
            f'log-level=none:pools=none:frame-threads=1:keyint={self.group}:bframes=0:'
            f'scenecut=0:repeat-headers=1:annexb=1:bitrate={kilobits}:vbv-maxrate={kilobits}:'
            f'vbv-bufsize={kilobits}'
        )
        return {'preset': 'ultrafast', 'tune': 'zerolatency', 'x265-params': parameters}


def nal_units(data: bytes) -> list[bytes]:
    """Split a bitstream at its start codes into units without them.

    >>> nal_units(bytes([0, 0, 0, 1, 9, 7, 0, 0, 1, 5]))
    [b'\\t\\x07', b'\\x05']
    """
    parts = data.replace(b'\0\0\0\1', b'\0\0\1').split(b'\0\0\1')
    return [part for part in parts if part]
