"""What became of the videos of a job: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from tabulate import tabulate

from ..fileio import write_atomically
from .latency import LatencyMeter
from .result_stream import FrameCounts

Status = Literal[
    'tracked', 'shortened', 'incomplete', 'stopped', 'failed', 'finished before', 'not begun'
]
GOOD: tuple[Status, ...] = ('tracked', 'shortened', 'finished before')
LATENCY = ('median', 'p99')
COLUMNS = (
    *('name', 'source', 'status', 'frames', 'tracks', 'fps', 'seconds', 'faults', 'dropped'),
    *('damage', 'error'),
)
MAX_REASON = 60  # characters of a reason in the table


@dataclass
class VideoSummary:
    """What became of a video.

    Attributes:
        name: Of its results.
        source: The video.
        status: 'tracked' to its end; 'shortened' by a limit on frames; 'incomplete', because the
            source breaks off; 'stopped' by a signal; 'failed'; 'finished before', by an earlier
            run; 'not begun'.
        frames: How many were tracked.
        tracks: Number of identities.
        seconds: What it took.
        damage: How many frames had which damage.
        faults: How many frames could not be read or are damaged.
        dropped: Frames of a live source that were not waited for.
        latency: Of a live source: 'median' and 'p99' in milliseconds, from a frame's arrival.
        gaps: Start and length, in seconds, of the latest times in which a live source gave nothing.
        error: Why it failed or is incomplete.
    """

    name: str
    source: str
    status: Status = 'not begun'
    frames: int = 0
    tracks: int = 0
    seconds: float = 0.0
    damage: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    dropped: int = 0
    latency: dict[str, float] | None = None
    gaps: list[tuple[float, float]] = field(default_factory=list)
    error: str | None = None

    @property
    def fps(self) -> float:
        """Frames per second at which it was tracked."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    @property
    def is_good(self) -> bool:
        """Whether all that was asked for is there."""
        return self.status in GOOD

    def __str__(self) -> str:
        """Return a line for people."""
        tracked = f'{self.frames} frames, {self.tracks} tracks, {self.fps:.1f} frames per second'
        line = f'{self.name}: {self.status}'
        line = f'{line}: {tracked}' if self.frames else line
        return f'{line} ({self.error})' if self.error else line

    def count(self, counts: FrameCounts) -> None:
        """Take over what was wrong with the frames."""
        self.damage = dict(counts.damage.most_common())
        self.faults = counts.fault_count

    def count_live(self, *, dropped: int, latency: LatencyMeter, gaps: Sequence) -> None:
        """Take over what live sources have beside."""
        self.dropped, self.latency = dropped, latency.milliseconds()
        self.gaps = [(round(start, 3), round(length, 3)) for start, length in gaps]

    def entries(self) -> dict[str, object]:
        """Return what is noted in the `info` of the video's JSON."""
        entries: dict[str, object] = dict(
            tracks=self.tracks,
            damage=self.damage,
            faults=self.faults,
            seconds=round(self.seconds, 3),
        )
        if self.latency is not None:
            entries.update(latency_ms=self.latency, dropped=self.dropped, gaps=self.gaps)
        return entries


def damage_text(damage: dict[str, int]) -> str:
    """Return counts of damage as '3 frozen, 1 cut', most first."""
    ordered = sorted(damage.items(), key=lambda item: (-item[1], item[0]))
    return ', '.join(f'{count} {kind}' for kind, count in ordered)


def summary_table(summaries: Sequence[VideoSummary]) -> str:
    """Return a table with a row for each video; with latencies where some were live."""
    rows = []
    for one in summaries:
        row = dict(video=one.name, frames=one.frames, tracks=one.tracks, fps=f'{one.fps:.1f}')
        if any(other.latency for other in summaries):
            latency = one.latency or dict(median=math.nan, p99=math.nan)
            row['ms, median'], row['ms, 99 %'] = (f'{latency[key]:.0f}' for key in LATENCY)
        reason = textwrap.shorten(one.error or '', MAX_REASON, placeholder=' ...')
        status = f'{one.status}: {reason}' if reason else one.status
        rows.append({**row, 'damage': damage_text(one.damage), 'status': status})
    return tabulate(rows, headers='keys', disable_numparse=True)


def write_summary(folder: str | Path, summaries: Sequence[VideoSummary]) -> list[Path]:
    """Write ``summary.json`` and ``summary.csv`` into a folder.

    Returns:
        The two files.

    Raises:
        OSError: They cannot be written.
    """
    folder = Path(folder)
    entries = [
        {**asdict(one), 'seconds': round(one.seconds, 3), 'fps': round(one.fps, 2)}
        for one in summaries
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction='ignore', lineterminator='\n')
    writer.writeheader()
    for entry in entries:
        writer.writerow({**entry, 'damage': damage_text(entry['damage'])})
    paths = [folder / 'summary.json', folder / 'summary.csv']
    content = json.dumps(dict(videos=entries), indent=1, ensure_ascii=True, allow_nan=False) + '\n'
    write_atomically(paths[0], content)
    write_atomically(paths[1], text.getvalue().encode(errors='backslashreplace'))
    return paths
