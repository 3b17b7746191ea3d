"""Corruptions that involve other frames of the video: lost frames, video compression."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from ...images import read_image
from ..fluctuation import Fluctuation, LatentQuality
from ..seeding import cdf
from .base import Corruption, Frame, frames_of


def _position(frame: Frame) -> tuple[tuple[str, ...], int]:
    """All frames of the video and this one's position among them."""
    paths = frames_of(os.path.dirname(frame.path))
    try:
        return paths, paths.index(os.path.normpath(frame.path))
    except ValueError:
        raise ValueError(f'{frame.path} is not among the images of its folder') from None


class FrozenFrames(Corruption):
    """Lost frames: the last one that arrived stays. The level is the part that is lost.

    Losses come in bursts, and what is lost at a severity is lost at the next, too.

    Args:
        severity: 1 (mild) to 5. Raising it makes the video worse.
        seed: Another one loses other frames.
        burst: Correlation length of the losses in frames, see :class:`Fluctuation`; chosen for
            freezes that the eye notices. Raising it makes fewer and longer ones.
    """

    levels = (0.1, 0.25, 0.4, 0.6, 0.8)

    def __init__(self, severity: int, seed: int = 0, *, burst: float = 3.0) -> None:
        super().__init__(severity, seed)
        self._burst = Fluctuation(share=1.0, period=burst, stretch_every=0)

    def source_position(self, frame: Frame) -> int:
        """Find the position of the frame that replaces this one: its own if it arrived."""
        _, position = _position(frame)
        quality = LatentQuality(f'{frame.video}/{type(self).__name__}', self.seed, self._burst)
        while (
            position > 0
            and cdf(quality('noise', base=0.0, name='loss', frame=position)) > 1 - self.level
        ):
            position -= 1
        return position

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Repeat the last frame that arrived."""
        paths, position = _position(frame)
        source = self.source_position(frame)
        return image if source == position else read_image(paths[source])


class H264(Corruption):
    """Low-bitrate video, by a real encoder (libx264); the level is its rate factor (CRF).

    The whole video is encoded once, into a cache; frames are decoded in order.

    Args:
        severity: 1 to 5. Raising it makes the bit rate lower.
        seed: Not used by the encoder.
        cache_dir: Folder of the encoded videos. Defaults to one in the system's temporary folder.
    """

    levels = (30, 35, 40, 45, 50)
    _options = {'preset': 'veryfast', 'g': '60'}

    def __init__(self, severity: int, seed: int = 0, cache_dir: str | None = None) -> None:
        super().__init__(severity, seed)
        self.cache_dir = Path(cache_dir or Path(tempfile.gettempdir()) / 'vsd_mot_h264')
        self._path: Path | None = None
        self._decoder: Iterator[np.ndarray] = iter(())
        self._decoded: np.ndarray | None = None
        self._decoded_position = -1

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Decode the video's frame."""
        paths, position = _position(frame)
        video = self._encoded(paths)
        if video != self._path or position < self._decoded_position:
            self._path, self._decoder = video, self._decode(video)
            self._decoded, self._decoded_position = None, -1
        while self._decoded_position < position:
            self._decoded = next(self._decoder)
            self._decoded_position += 1
        if self._decoded is None:
            raise ValueError(f'{video} holds no frame {position}; remove it to encode it again')
        height, width = image.shape[:2]
        return self._decoded[:height, :width].copy()

    def _encoded(self, paths: tuple[str, ...]) -> Path:
        """Return the video's file in the cache; encode it if it is missing or images changed."""
        stamps = [f'{path} {os.stat(path).st_mtime_ns}' for path in (paths[0], paths[-1])]
        key = f'{len(paths)} {" ".join(stamps)} {self.level} {self._options}'
        name = hashlib.sha256(key.encode()).hexdigest()[:24]
        target = self.cache_dir / f'{name}.mp4'
        if not target.exists():
            self.cache_dir.mkdir(parents=True, exist_ok=True)
            temporary = self.cache_dir / f'.{name}.{os.getpid()}.mp4'
            self._encode(paths, temporary)
            os.replace(temporary, target)
        return target

    def _encode(self, paths: tuple[str, ...], target: Path) -> None:
        height, width = read_image(paths[0]).shape[:2]
        with av.open(str(target), 'w') as container:
            options = dict(self._options, crf=str(self.level))
            encoder = container.add_stream('libx264', rate=Fraction(25), options=options)
            # Halved chroma needs even sides.
            encoder.width, encoder.height = width + width % 2, height + height % 2
            encoder.pix_fmt = 'yuv420p'
            encoder.codec_context.thread_count = 1  # so that the bytes do not depend on the cores
            for path in paths:
                image = read_image(path)
                if image.shape[:2] != (height, width):
                    raise ValueError(f'{path} differs in size from {paths[0]}')
                image = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
                picture = av.VideoFrame.from_ndarray(
                    image.astype(np.uint8, copy=False), format='bgr24'
                )
                container.mux(encoder.encode(picture))
            container.mux(encoder.encode())

    @staticmethod
    def _decode(video: Path) -> Iterator[np.ndarray]:
        with av.open(str(video)) as container:
            for picture in container.decode(video=0):
                yield picture.to_ndarray(format='bgr24')
