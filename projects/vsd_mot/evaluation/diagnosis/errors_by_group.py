"""Errors of a tracker by size, speed, occlusion and quality of the frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from tabulate import tabulate

from .frame_matching import ObjectErrors, match_sequence

# Borders of the groups: height in pixels, heights per frame, share covered, quality.
SIZES = {'small (height < 50)': (0, 50), 'medium (50 to 120)': (50, 120), 'large': (120, np.inf)}
SPEEDS = {'slow (< 0.01 heights a frame)': (0, 0.01), 'medium (0.01 to 0.04)': (0.01, 0.04),
          'fast': (0.04, np.inf)}  # fmt: skip
COVERED = {'free (< 0.2 covered)': (-1, 0.2), 'partly (0.2 to 0.6)': (0.2, 0.6),
           'hidden': (0.6, 2)}  # fmt: skip
QUALITIES = {'bad frame (quality < 0.3)': (-1, 0.3), 'middling (0.3 to 0.45)': (0.3, 0.45),
             'good frame': (0.45, 2)}  # fmt: skip


class SequenceErrors(NamedTuple):
    """The errors of a tracker on a sequence.

    Attributes:
        errors: Of each of the n objects of its frames.
        groups: Mask ``(n,)`` of the objects of each group, by the group's name.
    """

    errors: ObjectErrors
    groups: dict[str, np.ndarray]


def diagnose(
    truth: np.ndarray, results: np.ndarray, qualities: Mapping[int, float] | None = None
) -> SequenceErrors:
    """Find the errors of a tracker on a sequence, and which group each object is in.

    Args:
        truth: Rows that count, as :func:`read_mot_text` gives them, ``(n, 9)``.
        results: The tracker's rows, ``(m, 9)``.
        qualities: Quality of each frame by its number.

    Returns:
        The errors by object and group. Whether a person is covered is read from the visibility
        where the ground truth has one, else from the boxes that stand lower in the picture, and so
        in front.
    """
    values: list[tuple[Mapping[str, tuple[float, float]], np.ndarray]] = [
        (SIZES, truth[:, 5]),
        (SPEEDS, _speed(truth)),
        (COVERED, _covered(truth)),
    ]
    if qualities is not None:
        values.append((QUALITIES, np.array([qualities[int(frame)] for frame in truth[:, 0]])))
    groups = {
        name: (value >= low) & (value < high)
        for borders, value in values
        for name, (low, high) in borders.items()
    }
    return SequenceErrors(match_sequence(truth, results), groups)


def error_table(parts: list[SequenceErrors]) -> str:
    """Write one table of the errors of several sequences.

    Args:
        parts: Of each sequence, from :func:`diagnose`.

    Returns:
        A row for all objects and one for each group: how many they are, how many of a hundred were
        missed, and switches and fragments in a thousand objects that were found.
    """
    missed, switched, fragmented = (
        np.concatenate([getattr(part.errors, name) for part in parts])
        for name in ('missed', 'switched', 'fragmented')
    )
    names = list(dict.fromkeys(name for part in parts for name in part.groups))
    masks = {
        name: np.concatenate(
            [part.groups.get(name, np.zeros(len(part.errors.missed), bool)) for part in parts]
        )
        for name in names
    }
    rows = []
    for name, mask in {'all': np.ones(len(missed), bool), **masks}.items():
        count, detected = int(mask.sum()), int((mask & ~missed).sum())
        if count:
            rows.append(
                [name, count, f'{100 * missed[mask].mean():.1f}']
                + [f'{1000 * flags[mask].sum() / max(1, detected):.1f}'
                   for flags in (switched, fragmented)]
            )  # fmt: skip
    head = ['objects', 'count', 'missed %', 'switched in 1000', 'fragmented in 1000']
    false = sum(int(part.errors.false.sum()) for part in parts)
    total = sum(len(part.errors.false) for part in parts)
    table = tabulate(rows, headers=head, disable_numparse=True)
    return f'{table}\nfalse results: {false} of {total} ({100 * false / max(1, total):.1f} %)'


def _speed(truth: np.ndarray) -> np.ndarray:
    """Movement of each object's centre since it was last present, in heights per frame."""
    speed = np.zeros(len(truth))
    centres = truth[:, 2:4] + truth[:, 4:6] / 2
    for identity in np.unique(truth[:, 1]):
        rows = np.flatnonzero(truth[:, 1] == identity)
        rows = rows[np.argsort(truth[rows, 0])]
        if len(rows) > 1:
            path_length = np.linalg.norm(np.diff(centres[rows], axis=0), axis=1)
            step = path_length / np.diff(truth[rows, 0]) / np.maximum(truth[rows[1:], 5], 1)
            speed[rows] = np.concatenate((step[:1], step))
    return speed


def _covered(truth: np.ndarray) -> np.ndarray:
    """Share of each object that is hidden, ``(n,)``."""
    if (truth[:, 7] == 1).all() and (truth[:, 8] >= 0).all():
        return 1 - truth[:, 8]
    covered = np.zeros(len(truth))
    for frame in np.unique(truth[:, 0]):
        rows = np.flatnonzero(truth[:, 0] == frame)
        low, size = truth[rows, 2:4], truth[rows, 4:6]
        high = low + size
        shared = np.clip(
            np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None]), 0, None
        ).prod(axis=2)
        in_front = high[None, :, 1] > high[:, None, 1]
        share = np.where(in_front, shared / np.maximum(size.prod(axis=1), 1e-9)[:, None], 0)
        covered[rows] = share.max(axis=1)
    return covered
