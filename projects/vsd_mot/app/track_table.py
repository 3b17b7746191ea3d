"""A line for every track of a video."""

from __future__ import annotations

from dataclasses import dataclass

from ..video.results import FrameResult


@dataclass
class TrackLine:
    """One track.

    Attributes:
        name: Its class.
        first: Number of its first frame.
        last: Number of its last frame.
        begin: Seconds from the video's begin to its first frame.
        frames: In how many it is.
        score: Sum of its scores.
    """

    name: str
    first: int
    last: int
    begin: float
    frames: int = 0
    score: float = 0.0


class TrackTable:
    """The tracks of a video, collected frame by frame."""

    HEADERS = ('track', 'class', 'first frame', 'last frame', 'frames', 'begins (s)', 'mean score')

    def __init__(self) -> None:
        self.lines: dict[int, TrackLine] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, result: FrameResult) -> None:
        """Add the tracks of the next frame."""
        for identity, name, score in zip(
            result.ids.tolist(), result.class_names, result.scores.tolist()
        ):
            if identity not in self.lines:
                self.lines[identity] = TrackLine(name, result.number, result.number, result.time)
            line = self.lines[identity]
            line.last = result.number
            line.frames += 1
            line.score += score

    def rows(self) -> list[list[int | float | str]]:
        """Return a row under `HEADERS` for each track, in the order in which they began."""
        return [
            [
                identity,
                line.name,
                line.first,
                line.last,
                line.frames,
                round(line.begin, 2),
                round(line.score / line.frames, 3),
            ]
            for identity, line in self.lines.items()
        ]
