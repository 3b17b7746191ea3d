"""How the quality of a video moves from frame to frame.

The paper (III-C) speaks of "frame quality fluctuation": extremely blurred or noisy frames beside
mildly degraded ones, in one video of one camera. Here every continuous parameter has a latent
standard normal value, the higher the worse; its uniform quantile gives the parameter. Part of
the latent value's variance belongs to the video, the rest to a smooth process in time, so that
over all videos and frames each parameter keeps exactly the distribution of the image pipeline.
On top come occasional bad stretches: the focus, the light or the bandwidth is lost for a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .seeding import normal, stream
from .settings import Range, override

GROUPS = ('blur', 'resolution', 'noise', 'compression')
# What is lost in a bad stretch, and which groups suffer from it.
CAUSES = {
    'focus': ('blur',),
    'light': ('noise',),
    'bandwidth': ('resolution', 'compression'),
}
_WAVES = 16  # a sum of 16 random cosines is normal to within 0.5% of its CDF


@dataclass(frozen=True)
class Fluctuation:
    """Which parameters are drawn once per video and which move, and how.

    Args:
        camera: The discrete choices (kernel forms and sizes, angles, noise kinds, resize
            filters, order of the last steps): 'video' draws them once per video, 'frame' makes a
            new camera for every frame (independent images).
        blur: Kernel widths and sinc cut-offs: 'video' keeps them, 'smooth' lets them
            move, 'frame' draws them anew in each frame.
        resolution: Resize scales, likewise.
        noise: Noise strengths, likewise. Noise itself is always new.
        compression: JPEG qualities, likewise.
        share: Part of the latent variance that moves within a video; 0 keeps a video as it is, 1
            makes videos alike over time and all variance a matter of the frame.
        common: Part of the moving variance that all groups have in common; the higher, the more a
            frame that is bad in one respect is so in the others.
        period: Correlation length of the movement in frames; after it the correlation has fallen to
            0.61, after twice of it to 0.14. Raising it makes quality change more slowly.
        stretch_every: Mean number of frames from one bad stretch to the next; 0 means none. Raising
            it makes bad stretches rarer.
        stretch_length: Length of a bad stretch in frames. Raising it makes them last longer.
        stretch_depth: How much worse it gets, in latent standard deviations. Raising it makes the
            worst frames of a video worse.
    """

    camera: str = 'video'
    blur: str = 'smooth'
    resolution: str = 'smooth'
    noise: str = 'smooth'
    compression: str = 'smooth'
    share: float = 0.3
    common: float = 0.5
    period: float = 25.0
    stretch_every: float = 150.0
    stretch_length: Range = (8.0, 45.0)
    stretch_depth: Range = (1.0, 2.5)

    def __post_init__(self) -> None:
        if self.camera not in ('video', 'frame'):
            raise ValueError(f"camera must be 'video' or 'frame', not {self.camera!r}")
        for group in GROUPS:
            if getattr(self, group) not in ('video', 'smooth', 'frame'):
                raise ValueError(
                    f"{group} must be 'video', 'smooth' or 'frame', not {getattr(self, group)!r}"
                )
        for name in ('share', 'common'):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f'{name} must lie in [0, 1], not {getattr(self, name)}')
        if self.period <= 0 or self.stretch_every < 0 or self.stretch_length[0] <= 0:
            raise ValueError(
                'period and stretch_length must be positive and stretch_every not negative, not '
                f'{self.period}, {self.stretch_length}, {self.stretch_every}'
            )
        if self.stretch_every and self.stretch_length[1] > self.stretch_every:
            raise ValueError(
                f'a bad stretch of {self.stretch_length[1]} frames does not fit into '
                f'stretch_every = {self.stretch_every}'
            )

    @classmethod
    def from_dict(cls, config: Mapping | Fluctuation | None) -> Fluctuation:
        """Read a config; names that it lacks keep their default.

        Raises:
            ValueError: On an unknown name or a value out of range.
        """
        return config if isinstance(config, Fluctuation) else override(cls(), config or {})


@dataclass(frozen=True)
class _BadStretch:
    """A stretch of frames that are worse: centre and half length in frames, depth in sigmas."""

    cause: str
    centre: float
    half_length: float
    depth: float


class LatentQuality:
    """The latent movement of one video, evaluated at any frame without walking through it.

    Args:
        video: Name of the video.
        seed: Seed of the set.
        fluctuation: What moves and how.
    """

    def __init__(self, video: str, seed: int, fluctuation: Fluctuation) -> None:
        self.video, self.seed, self.fluctuation = video, seed, fluctuation
        self._waves = {name: self._draw_waves(name) for name in ('common', *GROUPS)}
        self._frame = -1
        self._heights: dict[str, float] = {}
        self._stretches: dict[int, _BadStretch] = {}

    def _draw_waves(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        rng = stream(self.seed, self.video, f'waves/{name}')
        # Frequencies of a Gaussian spectrum make a Gaussian autocorrelation of that length.
        frequencies = np.asarray(normal(rng, _WAVES)) / self.fluctuation.period
        return frequencies, 2 * np.pi * rng.random(_WAVES)

    def _wave(self, name: str, frame: int) -> float:
        # A frame's parameters ask for the same few waves again and again.
        if frame != self._frame:
            self._frame, self._heights = frame, {}
        if name not in self._heights:
            frequencies, phases = self._waves[name]
            height = np.sqrt(2 / _WAVES) * np.cos(frequencies * frame + phases).sum()
            self._heights[name] = float(height)
        return self._heights[name]

    def _stretch(self, cell: int) -> _BadStretch:
        """Return the bad stretch of a cell of `stretch_every` frames."""
        if cell not in self._stretches:
            rng = stream(self.seed, self.video, 'stretch', index=cell)
            setting = self.fluctuation
            cause, position, length_quantile, depth = rng.random(4)
            length = float(np.interp(length_quantile, (0, 1), setting.stretch_length))
            # It lies inside its cell, so a frame need ask only its own cell.
            start = (cell + position * (1 - length / setting.stretch_every)) * setting.stretch_every
            self._stretches[cell] = _BadStretch(
                cause=list(CAUSES)[int(cause * len(CAUSES))],
                centre=start + length / 2,
                half_length=length / 2,
                depth=float(np.interp(depth, (0, 1), setting.stretch_depth)),
            )
        return self._stretches[cell]

    def stretch_offset(self, group: str, frame: int) -> float:
        """How much worse a bad stretch makes a group in a frame, in standard deviations, >= 0."""
        if not self.fluctuation.stretch_every:
            return 0.0
        stretch = self._stretch(int(frame // self.fluctuation.stretch_every))
        distance = abs(frame - stretch.centre) / stretch.half_length
        if group not in CAUSES[stretch.cause] or distance >= 1:
            return 0.0
        return stretch.depth * 0.5 * (1 + float(np.cos(np.pi * distance)))

    def __call__(self, group: str, *, base: float, name: str, frame: int) -> float:
        """Return the latent value of a parameter in a frame: standard normal plus any bad stretch.

        Args:
            group: One of ``GROUPS``.
            base: The video's own standard normal value of the parameter.
            name: Name of the parameter, for draws that are new in every frame.
            frame: Frame number, from 0.
        """
        mode = getattr(self.fluctuation, group)
        if mode == 'video':
            return base
        if mode == 'frame':
            return float(normal(stream(self.seed, self.video, f'frame/{name}', index=frame)))
        share, common = self.fluctuation.share, self.fluctuation.common
        moving = np.sqrt(common) * self._wave('common', frame)
        moving += np.sqrt(1 - common) * self._wave(group, frame)
        smooth = np.sqrt(1 - share) * base + np.sqrt(share) * moving
        return float(smooth) + self.stretch_offset(group, frame)
