"""Look at a data set: samples with boxes and proposals, degraded beside clean, frame quality.

SET is a folder in MOTChallenge layout, or a config, whose training clips are then shown as they
come out of the pipeline. Writes into --out-dir: ``samples.jpg``; with --beside or --degrade
``beside.jpg``; ``quality.png`` and ``quality.csv``; from a config ``clips.jpg``.

Examples::

    python tools/analysis_tools/browse_dataset.py data/MOT17/train --sequences '*-FRCNN' \
        --beside data/LQMOT/train --proposals data/MOT/proposals/train.proposals --out-dir look
    python tools/analysis_tools/browse_dataset.py configs/motrv2/A.py --out-dir look
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2

from ..engine.configs import load_config
from ..evaluation.clip_sheet import training_clips
from ..evaluation.set_browser import SetBrowser
from ..visualization.contact_sheet import SheetRow, contact_sheet
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('set', type=Path, help='folder in MOTChallenge layout, or config (.py)')
    parser.add_argument('--out-dir', type=Path, default=Path('browse'))
    parser.add_argument('--sequences', default='*', metavar='GLOB', help='show only these')
    other = parser.add_mutually_exclusive_group()
    other.add_argument('--beside', type=Path, help='folder of the degraded copy of SET')
    other.add_argument('--degrade', type=int, metavar='SEED', help='degrade here, as make_lq does')
    parser.add_argument('--proposals', type=Path, help='proposal file of SET')
    parser.add_argument(
        '--min-score', type=float, default=0.05, help='of the proposals that are drawn'
    )
    parser.add_argument('--columns', type=int, default=5, help='frames (clips) shown in a row')
    parser.add_argument('--clips', type=int, default=4, help='clips shown of a config')
    parser.add_argument('--every', type=int, default=1, help='rate every n-th frame')
    parser.add_argument('--width', type=int, default=1600, help='of the sheets, in pixels')
    parser.add_argument('--jpeg-quality', type=int, default=88, help='of the sheets')
    options = parser.parse_args(args)
    if min(options.columns, options.clips, options.every) < 1:
        parser.error('--columns, --clips and --every must be at least 1')
    return options


def write_sheet(options: argparse.Namespace, name: str, rows: list[SheetRow]) -> Path:
    """Write a contact sheet into the folder; returns its path."""
    path = options.out_dir / name
    quality = (cv2.IMWRITE_JPEG_QUALITY, options.jpeg_quality)
    if not cv2.imwrite(str(path), contact_sheet(rows, options.width), quality):
        raise OSError(f'{path} could not be written')
    return path


def browse_config(options: argparse.Namespace) -> list[Path]:
    """Write the training clips of a config; returns the files."""
    rows = training_clips(load_config(options.set), options.clips)
    return [write_sheet(options, 'clips.jpg', rows)]


def browse_set(options: argparse.Namespace) -> list[Path]:
    """Write all pictures and tables of a set, print its quality; returns the files."""
    browser = SetBrowser(
        options.set,
        sequences=options.sequences,
        beside=options.beside,
        degrade=options.degrade,
        proposals=options.proposals,
        min_score=options.min_score,
        columns=options.columns,
        every=options.every,
    )
    sheets = browser.browse()
    files = [write_sheet(options, 'samples.jpg', sheets.samples)]
    if options.beside is not None or options.degrade is not None:
        files.append(write_sheet(options, 'beside.jpg', sheets.beside))
    table, picture = options.out_dir / 'quality.csv', options.out_dir / 'quality.png'
    table.write_text(sheets.survey.csv())
    sheets.survey.draw().savefig(picture, dpi=150)
    print(sheets.survey.summary())
    return [*files, picture, table]


@one_line_errors('browse_dataset', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    options.out_dir.mkdir(parents=True, exist_ok=True)
    files = browse_config(options) if options.set.suffix == '.py' else browse_set(options)
    print(f'written: {", ".join(str(path) for path in files)}')
