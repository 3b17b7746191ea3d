"""Videos with one known fault each, by which the diagnosis is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ...degradation.corruptions import Frame as Place
from ...degradation.corruptions.night import NightInfrared
from ...video.sources import Frame, FrameSource
from ..quality_fit.steps import KINDS
from .findings import find_faults
from .measuring import measure_video

Frames = list[Frame]
Spoil = Callable[[Frames, np.random.Generator], Frames]


class ReadFrames(FrameSource):
    """Frames that are in memory.

    Args:
        frames: With their times.
        fps: Frames per second.
        name: Of the video.
    """

    def __init__(self, frames: Sequence[Frame], fps: float, name: str) -> None:
        self.frames, self.fps, self.name = frames, fps, name
        self.length = len(frames)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)


def _pictures(change: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> Spoil:
    """Change every picture."""

    def spoil(frames: Frames, rng: np.random.Generator) -> Frames:
        return [replace(one, image=change(_image(one), rng)) for one in frames]

    return spoil


def _image(frame: Frame) -> np.ndarray:
    assert frame.image is not None
    return frame.image


def _kind(name: str, level: float) -> Spoil:
    return _pictures(lambda image, rng: KINDS[name].degrade(image, level, rng))


def _horizontal(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    kernel = np.full((1, 31), 1 / 31, np.float32)
    return cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)


def _slow(frames: Frames, rng: np.random.Generator) -> Frames:
    """Take so few that less than 6 come in a second."""
    step = max(2, round(1 / (5.5 * (frames[1].time - frames[0].time))))
    return [replace(one, index=i) for i, one in enumerate(frames[::step])]


def _jittered(frames: Frames, rng: np.random.Generator) -> Frames:
    step = frames[1].time - frames[0].time
    return [replace(one, time=one.time + step * rng.uniform(-0.4, 0.4)) for one in frames]


def _lost(frames: Frames, rng: np.random.Generator) -> Frames:
    kept = [one for i, one in enumerate(frames) if i % 15 < 11]
    return [replace(one, index=i) for i, one in enumerate(kept)]


def _doubled(frames: Frames, rng: np.random.Generator) -> Frames:
    return [
        replace(one, image=_image(frames[i - 1]).copy()) if i % 3 == 2 else one
        for i, one in enumerate(frames)
    ]


def _frozen(frames: Frames, rng: np.random.Generator) -> Frames:
    start, length = len(frames) // 2, max(5, round(0.8 / (frames[1].time - frames[0].time)))
    return [
        replace(one, image=_image(frames[start]).copy()) if start < i < start + length else one
        for i, one in enumerate(frames)
    ]


def _corrupt(frames: Frames, rng: np.random.Generator) -> Frames:
    return [
        replace(one, fault='damaged picture') if i % 13 == 5 else one
        for i, one in enumerate(frames)
    ]


def _blank(frames: Frames, rng: np.random.Generator) -> Frames:
    return [
        replace(one, image=np.zeros_like(_image(one))) if 20 <= i < 24 else one
        for i, one in enumerate(frames)
    ]


def _shaken(frames: Frames, rng: np.random.Generator) -> Frames:
    def shake(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        x, y = rng.uniform(-0.025, 0.025, 2) * image.shape[1]
        shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
        size = (image.shape[1], image.shape[0])
        return cv2.warpAffine(image, shift, size, borderMode=cv2.BORDER_REFLECT_101)

    return _pictures(shake)(frames, rng)


def _infrared(frames: Frames, rng: np.random.Generator) -> Frames:
    night = NightInfrared(2)
    return [
        replace(one, image=night(_image(one), Place('night/img1/1.jpg', one.index)))
        for one in frames
    ]


FAULTS: dict[str, Spoil] = {
    'low frame rate': _slow,
    'jitter': _jittered,
    'lost frames': _lost,
    'doubled frames': _doubled,
    'frozen frames': _frozen,
    'corrupt frames': _corrupt,
    'blank frames': _blank,
    'shaking camera': _shaken,
    'noise': _kind('noise', 20),
    'colour noise': _kind('colour noise', 24),
    'blur': _kind('blur', 2.8),
    'motion blur': _pictures(_horizontal),
    'compression': _kind('jpeg', 15),
    'darkness': _kind('darkness', 0.25),
    'low contrast': _kind('contrast', 0.3),
    'night infrared': _infrared,
}


@dataclass(frozen=True)
class Checked:
    """What the diagnosis says of a video.

    Attributes:
        video: Its name.
        fault: That it has, '' for the clean one.
        named: Faults that the diagnosis names, the worst first.
    """

    video: str
    fault: str
    named: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the fault comes first, or a clean video has no blame."""
        return self.named[:1] == ((self.fault,) if self.fault else ())


def check_diagnosis(
    frames: Sequence[Frame], fps: float, name: str, *, natural: Sequence[str] = (), seed: int = 0
) -> Iterator[Checked]:
    """Diagnose a video as it is, and with each fault.

    Args:
        frames: Of a good video, all readable.
        fps: Frames per second.
        name: Of the video.
        natural: Faults that it has by itself, which are not counted.
        seed: Of noise and jitter.

    Yields:
        What is said of each.
    """
    for fault, spoil in {'': lambda frames, _: list(frames), **FAULTS}.items():
        if fault in natural:
            continue
        spoiled = spoil(list(frames), np.random.default_rng(seed))
        facts = measure_video(ReadFrames(spoiled, fps, name), pictures=10)
        named = tuple(one.fault for one in find_faults(facts) if one.fault not in natural)
        yield Checked(name, fault, named)
