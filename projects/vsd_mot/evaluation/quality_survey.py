"""Frame quality of whole videos: measured, as a table, as pictures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import cast

import matplotlib
import numpy as np
import torch
from matplotlib import axes as mpl_axes
from matplotlib import collections as mpl_collections
from matplotlib import figure as mpl_figure

from ..models.semantics.frame_quality import FrameQuality
from ..visualization.text import plain

_COLOURS = ('#0072B2', '#D55E00', '#009E73')


@dataclass(frozen=True)
class QualityRow:
    """Quality of one frame; a line of the table.

    Attributes:
        set: 'clean', 'degraded' or another group of frames.
        video: Name of the video.
        frame: Index of the frame in it.
        file: Name of the image file.
        quality: Q, the root of the product of the three that follow, all in [0, 1].
        clarity: High where edges are sharp.
        noise: Freedom from noise: high where there is none.
        contrast: High where bright and dark are far apart.
    """

    set: str
    video: str
    frame: int
    file: str
    quality: float
    clarity: float
    noise: float
    contrast: float


class QualitySurvey:
    """Collects the quality of frames.

    Args:
        quality: The measure; None means the default one.
    """

    def __init__(self, quality: FrameQuality | None = None) -> None:
        self.measure = quality or FrameQuality()
        self.rows: list[QualityRow] = []

    def add(
        self, image: np.ndarray, *, group: str, video: str, frame: int, file: str
    ) -> QualityRow:
        """Measure a frame.

        Args:
            image: (H, W, 3) uint8 BGR.
            group: Name of the set.
            video: Name of the video.
            frame: Frame number.
            file: Name of the image file.

        Returns:
            The row that was added.
        """
        tensor = torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1)))
        score = self.measure.score(tensor[None])
        row = QualityRow(
            set=group,
            video=video,
            frame=frame,
            file=file,
            quality=round(float(score.quality), 5),
            clarity=round(float(score.clarity), 5),
            noise=round(float(score.noise), 5),
            contrast=round(float(score.contrast), 5),
        )
        self.rows.append(row)
        return row

    def groups(self) -> list[str]:
        """Names of the sets, in the order in which they came."""
        return list(dict.fromkeys(row.set for row in self.rows))

    def videos(self) -> list[str]:
        """Names of the videos, in the order in which they came."""
        return list(dict.fromkeys(row.video for row in self.rows))

    def values(self, group: str, video: str) -> tuple[np.ndarray, np.ndarray]:
        """Frame numbers and qualities of a video of a set, both of shape (n,)."""
        rows = [row for row in self.rows if (row.set, row.video) == (group, video)]
        return np.array([row.frame for row in rows]), np.array([row.quality for row in rows])

    def csv(self) -> str:
        """Return a line for each frame."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator='\n')
        writer.writerow(field.name for field in fields(QualityRow))
        writer.writerows(astuple(row) for row in self.rows)
        return text.getvalue()

    def summary(self) -> str:
        """Return a line for each video and set: frames, mean, deviation, lowest and highest Q."""
        lines = ['set        video                      frames   mean    std    min    max']
        for group in self.groups():
            for video in self.videos():
                _, values = self.values(group, video)
                if len(values):
                    summary = (values.mean(), values.std(), values.min(), values.max())
                    numbers = ' '.join(f'{number:6.3f}' for number in summary)
                    lines.append(f'{group:10s} {video:26s} {len(values):6d} {numbers}')
        return '\n'.join(lines)

    def draw(self) -> mpl_figure.Figure:
        """Distribution of Q per video on the left, its course over the frames on the right.

        Raises:
            ValueError: If no frame was measured.
        """
        if not self.rows:
            raise ValueError('no frame was measured')
        groups, videos = self.groups(), self.videos()
        with matplotlib.rc_context({'font.size': 8}):
            figure = mpl_figure.Figure(figsize=(10, 0.9 + 0.55 * len(videos)), layout='constrained')
            axes, courses = figure.subplots(1, 2, width_ratios=[1, 2])
            for index, group in enumerate(groups):
                colour = _COLOURS[index % len(_COLOURS)]
                self._violins(axes, group, videos=videos, colour=colour)
                self._courses(courses, group, videos=videos, colour=colour)
            for panel, title in ((axes, 'distribution of Q'), (courses, 'Q over the frames')):
                panel.set_title(title)
                panel.set_ylim(len(videos) - 0.5, -0.5)
            axes.set_yticks(range(len(videos)), list(map(plain, videos)))
            axes.set_xlim(0, 1)
            axes.grid(axis='x', linewidth=0.4)
            courses.set_yticks(_ticks(videos), ['0', '1'] * len(videos), fontsize=5)
            courses.set_xlabel('frame')
            handles, labels = courses.get_legend_handles_labels()
            figure.legend(handles, labels, loc='outside upper right', ncols=3, frameon=False)
        return figure

    def _violins(
        self, axes: mpl_axes.Axes, group: str, *, videos: Sequence[str], colour: str
    ) -> None:
        for position, video in enumerate(videos):
            _, values = self.values(group, video)
            if not len(values):
                continue
            # A violin of frames that are all alike has no width.
            if np.ptp(values) > 1e-4:
                violin = axes.violinplot(
                    values, [position], orientation='horizontal', widths=0.85, showextrema=False
                )
                # matplotlib's stub has one type for this list and for what it does not draw
                cast(list[mpl_collections.PolyCollection], violin['bodies'])[0].set_facecolor(
                    colour
                )
            axes.plot(
                np.median(values), position, '|', color=colour, markersize=12, markeredgewidth=2
            )

    def _courses(
        self, axes: mpl_axes.Axes, group: str, *, videos: Sequence[str], colour: str
    ) -> None:
        for position, video in enumerate(videos):
            frames, values = self.values(group, video)
            # Each video has a band of its own: Q = 0 at its lower edge, 1 at the upper one.
            label = plain(group) if position == 0 else None
            axes.plot(frames, position + 0.42 - 0.84 * values, color=colour, lw=1, label=label)
            axes.axhline(position + 0.5, color='0.85', lw=0.6)


def _ticks(videos: Iterable[str]) -> list[float]:
    return [position + edge for position, _ in enumerate(videos) for edge in (0.42, -0.42)]
