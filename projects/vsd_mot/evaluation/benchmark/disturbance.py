"""Whether other work on the machine disturbs a measurement."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

STAT = Path('/proc/stat')
# Of a core. Less is what a quiet desktop does by itself.
TOLERATED = 0.1


@dataclass
class Disturbance:
    """Counts the processor time that others took since it was made.

    Attributes:
        begin: Clock, processor time of all and of this process in seconds.
    """

    begin: tuple[float, float | None, float] = field(default_factory=lambda: _now())

    def cores(self) -> float | None:
        """Return how many cores others kept busy meanwhile; None where nobody counts (no Linux)."""
        start, everybody, own = self.begin
        end, everybody_now, own_now = _now()
        if everybody is None or everybody_now is None or end <= start:
            return None
        return max(0.0, (everybody_now - everybody - (own_now - own)) / (end - start))

    def warning(self) -> str | None:
        """Return a warning where others took so much that figures are not to be trusted."""
        cores = self.cores()
        if cores is None or cores <= TOLERATED:
            return None
        return (
            f'other work kept {cores:.2f} cores busy during the measurement: medians of passes in '
            'turn can be compared with each other at best, and not with those of another run'
        )


def _now() -> tuple[float, float | None, float]:
    own = os.times()
    return time.monotonic(), busy_seconds(), own.user + own.system


def busy_seconds(stat: Path = STAT) -> float | None:
    """Return the processor time that all processes took since the start; None where unknown."""
    try:
        first = stat.read_text().split('\n', 1)[0].split()
    except OSError:
        return None
    # user, nice, system, idle, iowait, irq, softirq, steal: what a hypervisor took is a
    # disturbance, too.
    user, nice, system, _, _, irq, softirq, steal, *_ = map(int, first[1:])
    return (user + nice + system + irq + softirq + steal) / os.sysconf('SC_CLK_TCK')
