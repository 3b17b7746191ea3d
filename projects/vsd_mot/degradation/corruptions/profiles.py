"""Profiles: what a kind of camera does to its frames, as a chain of corruptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from .base import SEVERITIES, Corruption, Frame
from .codec import H264, CodecCorruption, H264Stream
from .lens import LensDrops
from .night import NightInfrared
from .optics import Defocus, Downscaling, GaussianNoise, LowContrast, LowLight
from .shake import ShakyCamera
from .temporal import FrameRateOf, LostFrames

Part = tuple[type[Corruption], int]


class Profile(Corruption):
    """A camera of one kind: corruptions one after the other, as light and signal go through it.

    ``parts`` have the severities of the profile's third; each step of its own severity is one of
    theirs. Every video draws half of a step more or less for each of them: a mixture, not one
    camera.

    Args:
        severity: 1 to 5.
        seed: Another one gives other cameras of the kind.
        cache_dir: Folder for encoded videos.
    """

    levels = (-2, -1, 0, 1, 2)
    parts: ClassVar[Sequence[Part]] = ()

    def __init__(self, severity: int, seed: int = 0, cache_dir: str | None = None) -> None:
        super().__init__(severity, seed)
        self.cache_dir = cache_dir
        self._chains: dict[str, list[Corruption]] = {}

    def chain(self, frame: Frame) -> list[Corruption]:
        """Return the corruptions of a frame's video."""
        if frame.video not in self._chains:
            self._chains[frame.video] = self._make_chain(frame)
        return self._chains[frame.video]

    def drawn(self, frame: Frame) -> list[Corruption]:
        """Return all parts with the severities of a frame's video, those before a codec too."""
        return [
            one
            for part in self.chain(frame)
            for one in (*(part.before if isinstance(part, CodecCorruption) else ()), part)
        ]

    def _make_chain(self, frame: Frame) -> list[Corruption]:
        rng = self.video_rng(frame)
        chain: list[Corruption] = []
        for part, base in self.parts:
            # Drawn around the base: a half is rounded up or down by chance.
            drawn = base + self.level + rng.uniform(-0.75, 0.75)
            severity = int(np.clip(round(drawn), SEVERITIES[0], SEVERITIES[-1]))
            if issubclass(part, CodecCorruption):
                # The encoder sees what the camera has made of the scene.
                before = [one for one in chain if not one.loses_frames]
                chain = [one for one in chain if one.loses_frames]
                chain.append(part(severity, self.seed, cache_dir=self.cache_dir, before=before))
            else:
                chain.append(part(severity, self.seed))
        return chain

    def keeps(self, frame: Frame) -> bool:
        """Whether all parts let it come."""
        return all(part.keeps(frame) for part in self.chain(frame))

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Pass it through all parts."""
        for part in self.chain(frame):
            image = part(image, frame)
        return image


class Cctv(Profile):
    """A recorder of 6 frames per second: small pictures, soft lens, low bitrate."""

    loses_frames = True
    parts = ((FrameRateOf, 3), (Defocus, 1), (Downscaling, 1), (H264, 3))


class NightIr(Profile):
    """A camera with an infrared lamp, compressed."""

    parts = ((Defocus, 1), (NightInfrared, 3), (H264, 2))


class Bodycam(Profile):
    """A camera on a body: shake through a rolling shutter, dirt and drops, dim light."""

    parts = ((LowLight, 1), (LensDrops, 1), (ShakyCamera, 3), (GaussianNoise, 1), (H264, 1))


class LowBitrate(Profile):
    """A cheap network camera over a bad line: few bits, lost packets, lost frames."""

    loses_frames = True
    parts = ((Downscaling, 2), (LowContrast, 1), (LostFrames, 1), (H264Stream, 3))


PROFILES: dict[str, type[Profile]] = {
    'cctv-6fps': Cctv,
    'night-ir': NightIr,
    'bodycam': Bodycam,
    'low-bitrate': LowBitrate,
}
