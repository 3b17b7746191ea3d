"""How long frames take, over any number of them."""

from __future__ import annotations

import numpy as np


class LatencyMeter:
    """Median and 99th percentile of durations, in memory that does not grow.

    Durations are counted in bins whose borders grow by 2 %, which is how exact the answers are.
    """

    _low, _growth, _bins = 1e-5, 1.02, 900  # 10 microseconds to ten minutes

    def __init__(self) -> None:
        self._counts = np.zeros(self._bins, np.int64)

    def add(self, seconds: float) -> None:
        """Count a duration."""
        place = np.log(max(seconds, self._low) / self._low) / np.log(self._growth)
        self._counts[min(int(place), self._bins - 1)] += 1

    def __len__(self) -> int:
        """Return how many were counted."""
        return int(self._counts.sum())

    def percentile(self, percent: float) -> float:
        """Return the duration in seconds below which so many percent lie; NaN without any."""
        total = len(self)
        if total == 0:
            return float('nan')
        place = int(np.searchsorted(np.cumsum(self._counts), percent / 100 * total))
        return float(self._low * self._growth ** (place + 0.5))

    def milliseconds(self) -> dict[str, float] | None:
        """Return 'median' and 'p99' in milliseconds; None without any duration."""
        if len(self) == 0:
            return None
        percents = dict(median=50, p99=99)
        return {name: round(1000 * self.percentile(one), 2) for name, one in percents.items()}

    def __str__(self) -> str:
        """Return both in milliseconds."""
        median, high = (1000 * self.percentile(percent) for percent in (50, 99))
        return f'{median:.0f} ms per frame (median), {high:.0f} ms (99th percentile)'
