"""Frame quality and semantic weight over time, as a picture of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import figure as mpl_figure
from matplotlib.backends import backend_agg

from ..fileio import replacing
from .text import plain

COMPONENTS = ('clarity', 'noise', 'contrast')
QUALITY_COLOUR, WEIGHT_COLOUR = '#2f9e6e', '#8b5cf6'
COMPONENT_COLOURS = ('#3b82f6', '#ef7d3b', '#94a3b8')


def plot_quality(
    semantics: Sequence[dict[str, float]],
    path: str | Path,
    *,
    times: Sequence[float] | None = None,
    title: str = '',
) -> Path:
    """Plot quality, its components and semantic weight of each frame.

    Args:
        semantics: Per frame a dictionary with any of `quality`, `semantic_weight`, `clarity`,
            `noise`, `contrast`, all in [0, 1]; frames without a value leave a gap.
        path: The picture (.png, .pdf, .svg ...).
        times: Seconds of each frame; None counts frames.
        title: Written above.

    Returns:
        `path`.

    Raises:
        ValueError: No frame has a quality or a weight.
    """
    path = Path(path)
    columns = {
        name: np.array([frame.get(name, np.nan) for frame in semantics], float)
        for name in ('quality', 'semantic_weight', *COMPONENTS)
    }
    available = {name for name, values in columns.items() if np.isfinite(values).any()}
    if not available & {'quality', 'semantic_weight'}:
        raise ValueError(
            'no frame has a quality or a semantic weight: the model that made these results '
            'rates no frames (VSD-MOT with DSWR does)'
        )
    x = np.arange(1, len(semantics) + 1) if times is None else np.asarray(times, float)
    components = [name for name in COMPONENTS if name in available]

    figure = mpl_figure.Figure(
        figsize=(10, 4.6 if components else 3.2), dpi=120, layout='constrained'
    )
    backend_agg.FigureCanvasAgg(figure)  # draws without a display
    axes = figure.subplots(
        2 if components else 1,
        1,
        sharex=True,
        squeeze=False,
        height_ratios=[3, 2] if components else [1],
    )[:, 0]
    if 'quality' in available:
        axes[0].plot(x, columns['quality'], color=QUALITY_COLOUR, lw=1.8, label='quality Q')
        axes[0].fill_between(x, 0, columns['quality'], color=QUALITY_COLOUR, alpha=0.12, lw=0)
    if 'semantic_weight' in available:
        axes[0].plot(
            x, columns['semantic_weight'], color=WEIGHT_COLOUR, lw=1.8, label='semantic weight w'
        )
    for name, colour in zip(COMPONENTS, COMPONENT_COLOURS):
        label = 'noise (1: none)' if name == 'noise' else name
        if name in available:
            axes[1].plot(x, columns[name], color=colour, lw=1.2, label=label)
    for axis in axes:
        axis.set_ylim(-0.03, 1.03)
        axis.grid(alpha=0.25)
        axis.spines[['top', 'right']].set_visible(False)
        axis.legend(loc='center left', bbox_to_anchor=(1.0, 0.5), frameon=False)
    axes[0].set_title(plain(title or 'Frame quality and semantic weight'), loc='left', fontsize=11)
    axes[-1].set_xlabel('frame' if times is None else 'seconds')
    axes[-1].set_xlim(x.min(), max(x.max(), x.min() + 1e-3))

    with replacing(path) as partial:
        figure.savefig(partial, format=path.suffix.lstrip('.') or 'png')
    return path
