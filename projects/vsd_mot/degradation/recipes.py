"""Which sequences make LQDanceTrack and LQMOT (SPEC section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

# The papers say "5 sequences of MOT17 and 2 of MOT20", not which: here the first ones by number.
MOT_TRAIN = ('MOT17-02', 'MOT17-04', 'MOT17-05', 'MOT17-09', 'MOT17-10', 'MOT20-01', 'MOT20-02')
MOT_VAL = ('MOT17-11', 'MOT17-13', 'MOT20-03', 'MOT20-05')


@dataclass(frozen=True)
class Part:
    """A part of a set: where its sequences come from, where they go, how many are degraded.

    Args:
        sources: Folders below SRC that hold the sequences.
        target: Folder below DST.
        fraction: Share of the sequences that is degraded.
        names: Glob patterns of the sequences; None means all.
    """

    sources: tuple[str, ...]
    target: str
    fraction: Fraction
    names: tuple[str, ...] | None = None


def _mot(target: str, names: tuple[str, ...], fraction: Fraction) -> Part:
    # One detector variant of each MOT17 sequence; a copy without variants has plain names.
    names = tuple(f'{name}{suffix}' for name in names for suffix in ('', '-FRCNN'))
    return Part(('MOT17/train', 'MOT20/train'), target, fraction, names)


RECIPES = {
    'lqdancetrack': (
        Part(('train',), 'train', Fraction(2, 3)),
        Part(('val',), 'val', Fraction(1)),
    ),
    'lqmot': (
        _mot('train', MOT_TRAIN, Fraction(2, 3)),
        _mot('val', MOT_VAL, Fraction(1)),
    ),
}
