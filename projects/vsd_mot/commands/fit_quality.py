"""Fit the numbers of the frame quality (FittedFrameQuality), and check them on other cameras.

python -m vsd_mot.commands fit_quality data/MOT17-02 data/MOT17-04 photographs/ \
    --held-out data/MOT17-09 data/TUD-Stadtmitte --out quality_fit.json

Each folder of images gives evenly spread frames; nine degradations are applied to each, in steps
and one after another. Printed is the share of steps that lower the quality.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

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
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('folders', nargs='+', type=Path, help='sequences or folders to fit on')
    parser.add_argument(
        '--held-out', nargs='+', type=Path, default=[], help='the same, to check on'
    )
    parser.add_argument('--frames', type=int, default=5, help='of each folder to fit on')
    parser.add_argument('--held-out-frames', type=int, default=2, help='of each to check on')
    parser.add_argument('--check', type=Path, help='check a file of numbers instead of fitting')
    parser.add_argument('--out', type=Path, default=Path('quality_fit.json'))
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args(args)


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
