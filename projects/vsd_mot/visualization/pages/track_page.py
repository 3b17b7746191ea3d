"""The page of a tracked video: its pictures, the boxes of trackers, what happened when."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..palette import colour_of
from .shell import asset, data_block, whole_page

SCRIPTS = tuple(
    f'tracks/{name}.js'
    for name in ('data', 'player', 'overlay', 'axis', 'timeline', 'curves', 'events', 'main')
)
LARGEST = 32767  # of a coordinate in the page
NO_VALUE = 65535  # of a curve in the page


class PageEvent(NamedTuple):
    """Something that happened.

    Attributes:
        kind: 'birth', 'death', 'switch', 'missed', 'false' or 'damage'.
        frame: Index of the frame in which it began.
        last: Index of the last frame in which it lasted.
        text: What it was.
        identity: Whom the timeline marks: of the ground truth for 'switch' and 'missed', else of
            the tracker; None for 'damage'.
    """

    kind: str
    frame: int
    last: int
    text: str
    identity: int | None = None


@dataclass
class PageClip:
    """The video of a page, of F frames.

    Attributes:
        title: Its name.
        width: Of the pictures that boxes are measured in, pixels; those of `video` may be smaller.
        height: As `width`.
        times: Seconds since the first frame, ``(F,)``, rising.
        numbers: Numbers of the frames in MOTChallenge files, ``(F,)``.
        damage: What is wrong with each frame in one word, None where nothing is.
        video: The pictures as an H.264 MP4, at `times`.
    """

    title: str
    width: int
    height: int
    times: np.ndarray
    numbers: np.ndarray
    damage: Sequence[str | None]
    video: bytes


@dataclass
class PageTracks:
    """The n boxes of a tracker, or of the ground truth.

    Attributes:
        name: Of the tracker.
        frames: Index of each box's frame, ``(n,)`` int.
        identities: ``(n,)`` whole numbers of any size.
        boxes: ``(n, 4)`` (x, y, width, height) in pixels.
        scores: ``(n,)`` in [0, 1].
        curves: Values in [0, 1] of every frame by name ('quality', 'semantic_weight'), ``(F,)``,
            NaN where there is none.
        events: Errors; births and deaths are added by the page.
        metrics: Scores in [0, 1] by name.
        truth: Whether it is the ground truth.
    """

    name: str
    frames: np.ndarray
    identities: Sequence[int]
    boxes: np.ndarray
    scores: np.ndarray
    curves: dict[str, np.ndarray] = field(default_factory=dict)
    events: list[PageEvent] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    truth: bool = False


def track_page(clip: PageClip, sets: Sequence[PageTracks]) -> str:
    """Return the page.

    A box takes about 20 bytes of it: an hour with 20 people at 25 frames per second 36 MB for each
    tracker.

    Args:
        clip: The video.
        sets: Trackers, and the ground truth if there is one; at least one.
    """
    data = dict(
        title=clip.title,
        width=clip.width,
        height=clip.height,
        times=_packed(np.round(10_000 * (clip.times - clip.times[0])), '<u4'),
        numbers=_packed(clip.numbers, '<u4'),
        damage=[event._asdict() for event in damage_events(clip.damage)],
        sets=[_set(one, len(clip.times)) for one in sets],
    )
    video = base64.b64encode(clip.video).decode()
    body = (
        f'{asset("tracks/body.html")}{data_block("data", data)}'
        f'<script type="text/plain" id="mp4">{video}</script>'
    )
    return whole_page(clip.title, body, scripts=SCRIPTS)


def damage_events(damage: Sequence[str | None]) -> list[PageEvent]:
    """List runs of frames with the same damage."""
    events = []
    for kind, run in groupby(enumerate(damage), key=lambda one: one[1]):
        frames = [index for index, _ in run]
        if kind is not None:
            events.append(PageEvent('damage', frames[0], frames[-1], kind))
    return events


def lifetime_events(tracks: PageTracks, frames: int) -> list[PageEvent]:
    """List where tracks begin, and where they end before the video does.

    Args:
        tracks: Of a tracker.
        frames: Number of frames of the video.
    """
    spans: dict[int, list[int]] = {}
    for frame, identity in zip(tracks.frames.tolist(), tracks.identities):
        span = spans.setdefault(identity, [frame, frame])
        span[0], span[1] = min(span[0], frame), max(span[1], frame)
    births = [
        PageEvent('birth', first, first, f'track {identity} begins', identity)
        for identity, (first, _) in spans.items()
    ]
    deaths = [
        PageEvent('death', last, last, f'track {identity} ends', identity)
        for identity, (_, last) in spans.items()
        if last < frames - 1
    ]
    return births + deaths


def _set(tracks: PageTracks, frames: int) -> dict:
    """Pack a tracker, its boxes sorted by frame."""
    order = np.argsort(tracks.frames, kind='stable')
    places: dict[int, int] = {}  # in the order in which they appear
    who = [places.setdefault(tracks.identities[row], len(places)) for row in order]
    boxes = tracks.boxes[order]
    # Pixels per step; small pictures get steps of a sixteenth.
    unit = max(1 / 16, float(np.abs(boxes).max(initial=0)) / LARGEST)
    events = list(tracks.events)
    if not tracks.truth:
        events += lifetime_events(tracks, frames)
    events.sort(key=lambda event: event.frame)
    return dict(
        name=tracks.name,
        truth=tracks.truth,
        identities=[str(identity) for identity in places],
        colours=[_css_colour(identity) for identity in places],
        counts=_packed(np.bincount(tracks.frames, minlength=frames), '<u2'),
        who=_packed(np.array(who), '<u4'),
        unit=unit,
        boxes=_packed(np.round(boxes / unit), '<i2'),
        scores=_packed(np.round(255 * np.clip(tracks.scores[order], 0, 1)), '<u1'),
        curves={name: _curve(values) for name, values in tracks.curves.items()},
        events=[{**event._asdict(), 'identity': str(event.identity)} for event in events],
        metrics=tracks.metrics,
    )


def _curve(values: np.ndarray) -> str:
    steps = np.round(np.clip(values, 0, 1) * (NO_VALUE - 1))
    return _packed(np.where(np.isfinite(values), steps, NO_VALUE), '<u2')


def _packed(values: np.ndarray, kind: str) -> str:
    return base64.b64encode(np.asarray(values).astype(kind).tobytes()).decode()


def _css_colour(identity: int) -> str:
    blue, green, red = colour_of(identity)
    return f'#{red:02x}{green:02x}{blue:02x}'
