"""The benchmark's picture: a curve per tracker in a panel per corruption."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import axes as mpl_axes
from matplotlib import figure as mpl_figure

from ...degradation.corruptions import printed_name
from ...fileio import replacing
from ...visualization.text import plain
from .cells import CLEAN
from .results import RobustnessResults

# Colours that stay apart in grey print and for colour-blind readers (Okabe and Ito), with markers.
_COLOURS = ('#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000')
_MARKERS = 'os^Dvp*'


def printed_style() -> AbstractContextManager[None]:
    """Let matplotlib draw as papers print."""
    return matplotlib.rc_context(
        {
            'font.family': 'serif',
            'font.size': 8,
            'axes.titlesize': 8,
            'axes.spines.top': False,
            'axes.spines.right': False,
            'pdf.fonttype': 42,  # text stays text
        }
    )


def _panel(
    axes: mpl_axes.Axes, curves: dict[str, list[float]], severities: list[int], *, title: str
) -> None:
    for index, (model, values) in enumerate(curves.items()):
        axes.plot(
            [0, *severities],
            100 * np.array(values),
            color=_COLOURS[index % len(_COLOURS)],
            marker=_MARKERS[index % len(_MARKERS)],
            markersize=3,
            linewidth=1.2,
            label=plain(model),
        )
    axes.set_title(title)
    axes.set_xticks([0, *severities], ['clean', *map(str, severities)], fontsize=6.5)
    axes.grid(axis='y', linewidth=0.4, alpha=0.5)


def draw(results: RobustnessResults, metric: str = 'HOTA') -> mpl_figure.Figure:
    """Draw a metric over the severity, one panel per corruption and one for their mean.

    Args:
        results: The measured cells; those that are missing are gaps in the curves.
        metric: Such as HOTA or IDF1.

    Returns:
        Of the width of a two-column page.

    Raises:
        ValueError: If no corruption has been measured.
    """
    corruptions, severities = results.corruptions(), results.severities()
    if not corruptions:
        raise ValueError('no curve can be drawn: no corruption has been measured yet')
    columns = min(5, len(corruptions) + 1)
    rows = -(-(len(corruptions) + 1) // columns)
    with printed_style():
        figure = mpl_figure.Figure(figsize=(7.2, 1.45 * rows + 0.45), layout='constrained')
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, corruption in zip(panels, corruptions):
            curves = {
                model: [
                    results.score(model, CLEAN, metric),
                    *(results.score(model, f'{corruption}/{s}', metric) for s in severities),
                ]
                for model in results.models
            }
            _panel(axes, curves, severities, title=printed_name(corruption))
        curves = {
            model: [
                results.score(model, CLEAN, metric),
                *(
                    float(np.mean([results.score(model, f'{c}/{s}', metric) for c in corruptions]))
                    for s in severities
                ),
            ]
            for model in results.models
        }
        mean = panels[len(corruptions)]
        _panel(mean, curves, severities, title='Mean of all')
        mean.set_facecolor('#f3f3f3')
        # Last, for it ends the scaling to the highest curve; all panels share the axis.
        panels[0].set_ylim(bottom=0)
        for axes in panels[len(corruptions) + 1 :]:
            axes.set_axis_off()
        for row in range(rows):
            panels[row * columns].set_ylabel(metric)
        # The lowest panel of each column, which is not always in the last row.
        for axes in panels[: len(corruptions) + 1][-columns:]:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel('severity')
        handles, labels = mean.get_legend_handles_labels()
        figure.legend(handles, labels, loc='outside lower center', ncols=4, frameon=False)
    return figure


def save(results: RobustnessResults, folder: Path, metric: str = 'HOTA') -> list[Path]:
    """Write the picture as PDF and PNG; returns the files."""
    paths = [folder / f'robustness_{metric}.{suffix}' for suffix in ('pdf', 'png')]
    for path in paths:
        with printed_style(), replacing(path) as partial:
            draw(results, metric).savefig(partial, dpi=200, format=path.suffix[1:])
    return paths
