"""What a tracker did wrong, as events on a timeline."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...visualization.pages import PageEvent, PageTracks
from ..diagnosis import match_sequence


def error_events(truth: PageTracks, tracks: PageTracks) -> list[PageEvent]:
    """Match a tracker with the ground truth, and list its errors.

    Matched as CLEAR MOT does, at an IoU of 0.5 (:func:`match_sequence`). Missed people and false
    tracks are listed once for every run of frames.

    Args:
        truth: The ground truth's boxes that count.
        tracks: The tracker's.
    """
    people, own = _Numbered(truth), _Numbered(tracks)
    errors = match_sequence(people.rows, own.rows)
    last: dict[int, int] = {}  # who was on each person
    switches = []
    for row in people.in_time:
        if errors.matches[row] < 0:
            continue
        person, track = truth.identities[row], tracks.identities[errors.matches[row]]
        if errors.switched[row]:
            frame = int(truth.frames[row])
            text = f'person {person}: track {last[person]} becomes {track}'
            switches.append(PageEvent('switch', frame, frame, text, person))
        last[person] = track
    missed = [
        PageEvent('missed', first, end, f'person {identity} is missed', identity)
        for identity, first, end in people.runs(errors.missed)
    ]
    false = [
        PageEvent('false', first, end, f'track {identity} is on nobody', identity)
        for identity, first, end in own.runs(errors.false)
    ]
    return switches + missed + false


class _Numbered:
    """Boxes as :func:`match_sequence` wants them, identities as small numbers.

    Args:
        tracks: The boxes.
    """

    def __init__(self, tracks: PageTracks) -> None:
        self.tracks = tracks
        numbers: dict[int, int] = {}
        compact = [numbers.setdefault(one, len(numbers)) for one in tracks.identities]
        self.rows = np.column_stack((tracks.frames, np.array(compact, int), tracks.boxes))
        self.in_time = np.argsort(tracks.frames, kind='stable')

    def runs(self, mask: np.ndarray) -> Iterable[tuple[int, int, int]]:
        """Return identity, first and last frame of every run of frames in which a mask holds."""
        open_runs: dict[int, list[int]] = {}
        runs = []
        for row in self.in_time[mask[self.in_time]]:
            identity, frame = self.tracks.identities[row], int(self.tracks.frames[row])
            run = open_runs.get(identity)
            if run is not None and run[1] == frame - 1:
                run[1] = frame
            else:
                open_runs[identity] = run = [frame, frame]
                runs.append((identity, run))
        return [(identity, first, end) for identity, (first, end) in runs]
