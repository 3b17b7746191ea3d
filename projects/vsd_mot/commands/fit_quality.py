"""Fit the numbers of the frame quality (FittedFrameQuality), and check them on other cameras."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from vsd_mot_cli import parser_of

from ..evaluation.quality_fit.fitting import (
    StepFeatures,
    agreement,
    at_half_size,
    fit_quality,
    measure_steps,
)
from ..fileio import write_atomically
from ..images import read_image
from ..models.semantics.fitted_quality import QualityFit
from ..models.semantics.quality_features import feature_names
from ..mot_layout import list_images
from .user_errors import one_line_errors

parse_args = parser_of('fit_quality')


def frames_of(folder: Path, count: int, offset: float = 0.3) -> list[tuple[str, np.ndarray]]:
    """Read evenly spread images of a folder, or of the ``img1`` in it.

    Raises:
        FileNotFoundError: There are none.
    """
    files = list_images(folder / 'img1' if (folder / 'img1').is_dir() else folder)
    if not files:
        raise FileNotFoundError(f'no images in {folder}')
    if len(files) <= count:
        chosen = list(files)
    else:
        chosen = [files[int(len(files) * (i + offset) / count)] for i in range(count)]
    return [(f'{folder.name}/{file.name}', read_image(file)) for file in chosen]


def sharper(pictures: list[tuple[str, np.ndarray]]) -> list[tuple[str, np.ndarray]]:
    """Return every third picture at about half its size."""
    return [(f'{name}, half', at_half_size(image)) for name, image in pictures[::3]]


def report(name: str, fit: QualityFit, data: StepFeatures) -> None:
    """Print the share of the steps that lower the quality."""
    share, wrong = agreement(fit, data)
    listed = ', '.join(f'{kind} {count}' for kind, count in list(wrong.items())[:6])
    total = data.features.shape[0] * len(data.steps)
    print(f'{name}: {100 * share:.2f} % of {total} steps lower it' + (f'; {listed}' * bool(listed)))


@one_line_errors('fit_quality', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    if options.check is not None:
        fit = QualityFit.read(options.check)
    else:
        pictures = [one for folder in options.folders for one in frames_of(folder, options.frames)]
        data = measure_steps(pictures + sharper(pictures))
        fit = fit_quality(data, seed=options.seed)
        report('fitted to', fit, data)
        numbers = {
            name: torch.round(value, decimals=5).tolist() for name, value in vars(fit).items()
        }
        content = dict(features=feature_names(), weights=numbers, pictures=data.names)
        write_atomically(options.out, json.dumps(content, indent=1) + '\n')
        print(f'written to {options.out}')
    held_out = options.held_out or (options.folders if options.check else [])
    if held_out:
        count = options.held_out_frames
        pictures = [one for folder in held_out for one in frames_of(folder, count, offset=0.4)]
        report('held out', fit, measure_steps(pictures))
