"""Look at a data set: samples with boxes and proposals, degraded beside clean, frame quality."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2

from vsd_mot_cli import parser_of

from ..engine.configs import load_config
from ..evaluation.clip_sheet import training_clips
from ..evaluation.set_browser import SetBrowser
from ..fileio import replacing, write_atomically
from ..visualization.contact_sheet import SheetRow, contact_sheet
from .user_errors import one_line_errors

parse_args = parser_of('browse')


def write_sheet(options: argparse.Namespace, name: str, rows: list[SheetRow]) -> Path:
    """Write a contact sheet into the folder; returns its path."""
    path = options.out / name
    quality = (cv2.IMWRITE_JPEG_QUALITY, options.jpeg_quality)
    _, data = cv2.imencode('.jpg', contact_sheet(rows, options.width), quality)
    write_atomically(path, data.tobytes())
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
    table, picture = options.out / 'quality.csv', options.out / 'quality.png'
    write_atomically(table, sheets.survey.csv())
    with replacing(picture) as partial:
        sheets.survey.draw().savefig(partial, dpi=150, format='png')
    print(sheets.survey.summary())
    print(browser.report)
    return [*files, picture, table]


@one_line_errors('browse_dataset', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    options.out.mkdir(parents=True, exist_ok=True)
    files = browse_config(options) if options.set.suffix == '.py' else browse_set(options)
    print(f'written: {", ".join(str(path) for path in files)}')
