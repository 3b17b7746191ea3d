"""Types of options that are numbers: what cannot be is refused before the work begins."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from math import inf, isfinite


@dataclass(frozen=True)
class Range:
    """Reads a finite number from `low` to `high`, both included unless `above` is set.

    Attributes:
        kind: int, or float.
        low: The smallest number that is taken.
        high: The largest one.
        above: Refuse `low` itself.
    """

    kind: type[int] | type[float]
    low: float
    high: float = inf
    above: bool = False

    def __call__(self, text: str) -> float:
        """Read an option's value; raise argparse.ArgumentTypeError where it is out of range."""
        try:
            value = self.kind(text)
        except ValueError:
            value = None
        if value is None or not isfinite(value) or not self._contains(value):
            raise argparse.ArgumentTypeError(f'{text!r} is not {self}')
        return value

    def _contains(self, value: float) -> bool:
        return (self.low < value if self.above else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        noun = 'a whole number' if self.kind is int else 'a number'
        if isfinite(self.high):
            return f'{noun} from {self.low} to {self.high}'
        return f'{noun} above {self.low}' if self.above else f'{noun} of at least {self.low}'


COUNT = Range(int, 1)
COUNT_OR_ZERO = Range(int, 0)
# What NumPy and Python's generators take alike.
SEED = Range(int, 0, 2**32 - 1)
SHARE = Range(float, 0, 1)
# More processes or threads than any machine has would stop it.
MAX_WORKERS = 1024
# As vsd_mot.video.sources.FPS_RANGE.
FRAME_RATE = Range(float, 0.1, 1000)
PIXELS = Range(int, 1, 65535)
JPEG_QUALITY = Range(int, 1, 100)


def size(text: str) -> tuple[int, int]:
    """Read ``WIDTHxHEIGHT`` in pixels; raise argparse.ArgumentTypeError where it is none."""
    width, cross, height = text.lower().partition('x')
    if not cross:
        raise argparse.ArgumentTypeError(f'{text!r} does not look like 384x224')
    return PIXELS(width), PIXELS(height)
