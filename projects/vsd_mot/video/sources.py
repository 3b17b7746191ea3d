"""Where frames come from: a folder of images, arrays, a camera; videos are in `video_source.py`.

Every source yields :class:`Frame` objects in order. A frame that cannot be read is yielded too,
without a picture and with the reason in `fault`: the frames after it keep their numbers, and
whoever consumes the source counts it. Nothing is skipped in silence.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import KW_ONLY, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from .. import images
from ..errors import ImageError, SourceError
from ..mot_layout import (
    IMAGE_SUFFIXES,
    frame_number,
    frame_numbers,
    image_folder,
    list_images,
    read_seqinfo,
    stamp_unit,
)

VIDEO_SUFFIXES = (
    *('.3gp', '.asf', '.avi', '.flv', '.gif', '.m2ts', '.m4v', '.mkv', '.mov', '.mp4', '.mpeg'),
    *('.mpg', '.mts', '.ogv', '.ts', '.vob', '.webm', '.wmv'),
)
DEFAULT_FPS = 30.0
# Frame rates outside this range are placeholders of a container (90 000 for a webcam), not rates.
FPS_RANGE = (0.1, 1000.0)

Damage = Literal['unreadable', 'corrupt', 'blank', 'frozen', 'resized', 'cut']


@dataclass
class Frame:
    """One frame of a source.

    Attributes:
        index: Position of the frame in its source, from 0.
        image: (H, W, 3) uint8 BGR, or None where the frame could not be read.
        name: File name of the image; empty where the source has no files per frame.
        time: When the frame was taken, in seconds since the first: by the container, the camera's
            clock, or the frame rate. A gap between two frames shows in it.
        fault: Why the frame could not be read, or what is damaged in it; None when all is well.
        number: Number of the frame in MOTChallenge files, from 1; `index` + 1 by default.
        damage: What is wrong with its picture in one word, by :class:`DamageWatch`; None when
            nothing is, or nobody looked.
        arrived: When it was read, in seconds of the monotonic clock, by :class:`FrameReader`.
    """

    index: int
    image: np.ndarray | None
    _: KW_ONLY
    name: str = ''
    time: float = 0.0
    fault: str | None = None
    number: int = 0  # becomes index + 1
    damage: Damage | None = None
    arrived: float = 0.0

    def __post_init__(self) -> None:
        self.number = self.number or self.index + 1


class FrameSource:
    """Base of all sources: iterate over it for the frames, then close it.

    Attributes:
        name: Short name, used for the files that are written.
        label: The source as messages and results name it.
        fps: Frames per second.
        rate_supplied: Whether `fps` was supplied, so that the reader lets times go by it alone.
        length: Number of frames, None where it is unknown.
        length_is_guess: Whether there may be more or fewer frames than `length`.
        live: Whether frames arrive in real time, so that waiting for them costs latency.
        path: The file or folder that is read, None for cameras, streams and arrays.
        numbers: Number of each frame in MOTChallenge files; None where frames count from 1.
        note: What whoever tracks it should know, None when there is nothing.
        pixel_aspect: Width : height of a pixel as it is to be shown; known with the first frame.
        incomplete: Why the frames that were read are not all there are, None as long as nothing
            says so; known when iterating ends.
        remark: What else was noticed at the end, None when nothing was.
        gaps: Start and length, in seconds, of the latest times in which a live source gave nothing.
    """

    name: str = 'video'
    label: str = 'video'
    fps: float = DEFAULT_FPS
    rate_supplied: bool = False
    length: int | None = None
    length_is_guess: bool = False
    live: bool = False
    path: Path | None = None
    numbers: list[int] | None = None
    note: str | None = None
    pixel_aspect: Fraction = Fraction(1)
    incomplete: str | None = None
    remark: str | None = None
    gaps: Sequence[tuple[float, float]] = ()

    def __iter__(self) -> Iterator[Frame]:
        raise NotImplementedError

    def stop(self) -> None:
        """Ask whoever iterates, in another thread, to wait for nothing any more."""

    def close(self) -> None:
        """Give back the file or device."""

    def supply_rate(self, fps: float) -> None:
        """Let frames come at a supplied rate, whatever the source says of their times itself.

        Args:
            fps: Frames per second.

        Raises:
            SourceError: The source is live, or there cannot be such a rate.
        """
        low, high = FPS_RANGE
        if not low <= fps <= high:
            raise SourceError(f'a frame rate is {low} to {high:g} frames per second, not {fps:g}')
        if self.live:
            raise SourceError(
                f'{self.label} is live, and its frames have their times: a frame rate is supplied '
                'for files'
            )
        self.fps, self.rate_supplied = fps, True


def usable_fps(fps: float | None) -> float:
    """Return `fps` where it can be a frame rate, else 30."""
    low, high = FPS_RANGE
    return float(fps) if fps and low <= fps <= high else DEFAULT_FPS


def without_rate(label: str, rate: float) -> str | None:
    """Return what is to be said of a source that notes a frame rate which can be none."""
    if usable_fps(rate) == rate:
        return None
    return f'{label} notes {rate:g} frames per second, which cannot be: {DEFAULT_FPS:g} are taken'


def no_readable_frame(source: FrameSource, faults: list[str]) -> SourceError:
    """Return the error for a source that opens, and has no picture that can be read."""
    why = faults[0] if faults else source.incomplete
    return SourceError(
        f'not one frame of {source.name} could be read' + (f': {why}' if why else '')
    )


class FolderSource(FrameSource):
    """The images of a folder in natural order of their names.

    A folder in MOTChallenge layout (`img1/` and `seqinfo.ini`) may be given as a whole; its frame
    rate is then taken from `seqinfo.ini`. Where all names end in different numbers from 1, as
    `000007.jpg`, these are the frames' order and their numbers in MOTChallenge files, gaps
    included.

    Args:
        path: The folder. Files that are not images, and hidden files, are ignored.

    Raises:
        SourceError: The folder holds no image, or its `seqinfo.ini` is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = folder = Path(path)
        self.name = folder.resolve().name
        self.label = str(folder)
        self.files = list_images(folder)
        try:
            inner = image_folder(folder)
            inside = image_folder(folder.resolve().parent) == folder.resolve()
            rate = _frame_rate(folder.resolve().parent if inside else folder)
        except ValueError as error:
            raise SourceError(str(error)) from error
        if not self.files:
            self.files = list_images(inner)
        elif inside:
            self.name = folder.resolve().parent.name
        if not self.files:
            raise SourceError(
                f'no images in the folder {folder} (nor in {inner.name}/ below it): '
                f'expected files that end in {", ".join(IMAGE_SUFFIXES)}'
            )
        self.length = len(self.files)
        self.fps = usable_fps(rate)
        notes = [] if rate is None else [without_rate(str(folder), rate)]
        self._unit: float | None = None  # of numbers that are times
        numbers = frame_numbers(self.files) or []
        # A 0 would not do either: MOTChallenge files count from 1.
        if all(numbers) and len(set(numbers)) == len(self.files):
            in_order = sorted(zip(numbers, self.files))
            self.numbers = [number for number, _ in in_order]
            self.files = [file for _, file in in_order]
            self._unit = stamp_unit(self.numbers)
            if self._unit and not rate and len(in_order) > 1:
                self.fps = usable_fps(1 / (self._unit * float(np.median(np.diff(self.numbers)))))
        elif not numbers and frame_number(self.files[0]) is not None:
            notes.append(
                f'{self.path}: names such as {self.files[0].name} end in no frame number; the '
                'natural order of the names is taken, and frames are counted from 1'
            )
        elif len(set(numbers)) < len(numbers):
            notes.append(
                f'{self.path}: several names end in the same number; the natural order of the '
                'names is taken, and frames are counted from 1'
            )
        notes += _differences(self.files, folder.resolve().parent if inside else folder)
        notes.append(_videos_beside(self.files))
        self.note = '\n'.join(filter(None, notes)) or None

    def __iter__(self) -> Iterator[Frame]:
        for index, file in enumerate(self.files):
            image, fault = read_image(file)
            number = self.numbers[index] if self.numbers else 0
            yield Frame(
                index, image, name=file.name, time=self._time(index), fault=fault, number=number
            )

    def _time(self, index: int) -> float:
        """Return when a frame was taken, in seconds since the first."""
        if self.numbers is None:
            return index / self.fps
        passed = self.numbers[index] - self.numbers[0]
        # Numbers that are left out are frames that were lost: they took their time.
        return passed * self._unit if self._unit else passed / self.fps


def _differences(files: list[Path], sequence: Path) -> Iterator[str]:
    """Say where images are not what the sequence's `seqinfo.ini` notes of them."""
    path, info = sequence / 'seqinfo.ini', read_seqinfo(sequence)
    length = info.get('seqlength', '').strip()
    if length and length.lstrip('0') != str(len(files)):
        yield f'{path} notes seqLength={length}, and there are {len(files)} images'
    noted = tuple(info.get(key, '').strip() for key in ('imwidth', 'imheight'))
    if not any(noted):
        return
    with contextlib.suppress(ImageError, OSError):  # named where it is read
        size = tuple(map(str, images.image_size(files[0])))
        if noted != size:
            yield (
                f'{path} notes images of {" x ".join(noted)}, and {files[0].name} has '
                f'{" x ".join(size)}'
            )


def _videos_beside(files: list[Path]) -> str | None:
    """Say which videos lie among the images of a folder, and are not read."""
    folder = files[0].parent
    videos = [path.name for path in folder.iterdir() if path.suffix.lower() in VIDEO_SUFFIXES]
    if not videos:
        return None
    return (
        f'{folder} is taken for one video, its {len(files)} images; {len(videos)} video files '
        f'beside them, such as {min(videos)}, are not read: give them by name'
    )


def _frame_rate(sequence: Path) -> float | None:
    """Read the frame rate from a sequence's `seqinfo.ini`, None where it has none."""
    info = read_seqinfo(sequence)
    with contextlib.suppress(ValueError, KeyError):
        return float(info['framerate'])
    return None


def read_image(file: Path) -> tuple[np.ndarray | None, str | None]:
    """Read an image as (H, W, 3) uint8 BGR.

    Returns:
        The image and None, or None and the reason.
    """
    try:
        return images.read_image(file), None
    except ImageError as error:
        return None, str(error)
    except FileNotFoundError as error:
        return None, f'{file}: {error.strerror or error}'


class ArraySource(FrameSource):
    """Frames that the caller supplies.

    Args:
        frames: (H, W, 3) uint8 BGR arrays; any iterable, a generator as well.
        fps: Frames per second.
    """

    def __init__(self, frames: Iterable[np.ndarray], fps: float = DEFAULT_FPS) -> None:
        self.frames = frames
        self.fps = usable_fps(fps)
        self.length = len(frames) if isinstance(frames, Sized) else None

    def __iter__(self) -> Iterator[Frame]:
        for index, image in enumerate(self.frames):
            if not (
                isinstance(image, np.ndarray)
                and image.dtype == np.uint8
                and image.ndim == 3
                and image.shape[2] == 3
            ):
                kind = (
                    f'{image.dtype} {image.shape}'
                    if isinstance(image, np.ndarray)
                    else type(image).__name__
                )
                raise SourceError(
                    f'frame {index} is {kind}; expected a uint8 array of shape (H, W, 3), BGR'
                )
            # A copy: the caller may reuse the buffer, while frames wait to be tracked.
            yield Frame(index, image.copy(), time=index / self.fps)


class CameraSource(FrameSource):
    """A camera of this machine.

    Args:
        number: OpenCV's number of the camera, from 0.

    Raises:
        SourceError: There is no such camera, or it cannot be opened.
    """

    live = True

    def __init__(self, number: int) -> None:
        self.name = self.label = f'camera{number}'
        self.number = number
        self.capture = cv2.VideoCapture(number)
        if not self.capture.isOpened():
            raise SourceError(
                f'camera {number} cannot be opened: is it connected, free, and are you allowed to '
                'read it? (cameras count from 0; on Linux see /dev/video*)'
            )
        self.fps = usable_fps(self.capture.get(cv2.CAP_PROP_FPS))

    def __iter__(self) -> Iterator[Frame]:
        index, start = 0, None
        while True:
            grabbed, image = self.capture.read()
            if not grabbed:
                if index == 0:
                    raise SourceError(f'camera {self.number} gives no picture')
                return
            now = cv2.getTickCount() / cv2.getTickFrequency()
            start = now if start is None else start
            yield Frame(index, image, time=now - start)
            index += 1

    def close(self) -> None:
        """Release the camera."""
        self.capture.release()
