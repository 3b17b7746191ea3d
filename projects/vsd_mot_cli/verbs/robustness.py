r"""Measure trackers on corrupted copies of their test set.

All corruptions at five severities each, and the clean set; profiles of cameras (cctv-6fps,
night-ir, bodycam, low-bitrate) are named with --corruptions. Writes ``results.json``
(after every cell: a run that was interrupted is continued by repeating it), ``table.md``,
``cells.csv`` and the curves as ``robustness_HOTA.pdf`` and ``.png``.

Any MMTracking tracker can be measured: only the pipeline of its test set is changed. Its proposals
must come from a detector in the loop, for stored ones were made on the clean frames.

Example::

    vsd-mot robustness \
        configs/motrv2/A.py work_dirs/a/epoch_8.pth configs/vsd_mot/B.py work_dirs/b/epoch_8.pth \
        --names MOTRv2 VSD-MOT --out work_dirs/robustness
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..names import CORRUPTIONS, PROFILES, SEVERITIES, TABLE_METRICS
from ..numbers import SEED
from ..options import add_cfg_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'models',
        nargs='+',
        metavar='CONFIG CHECKPOINT',
        help="pairs; 'none' as checkpoint where the config names its weights itself",
    )
    parser.add_argument('--names', nargs='+', help="the trackers' names (default: the configs')")
    parser.add_argument(
        '--out',
        '--work-dir',
        dest='work_dir',
        type=Path,
        default=Path('work_dirs/robustness'),
        metavar='DIR',
    )
    parser.add_argument(
        '--corruptions',
        nargs='+',
        default=list(CORRUPTIONS),
        metavar='NAME',
        help=f'corruptions and profiles ({", ".join(PROFILES)}); default: all corruptions',
    )
    parser.add_argument(
        '--severities', nargs='+', type=int, choices=SEVERITIES, default=list(SEVERITIES)
    )
    parser.add_argument('--metric', choices=TABLE_METRICS, default='HOTA', help='of the picture')
    parser.add_argument(
        '--seed',
        '--seeds',
        dest='seeds',
        nargs='+',
        type=SEED,
        default=[0],
        metavar='N',
        help='of the corruptions; several give a spread',
    )
    parser.add_argument(
        '--allow-stored-proposals',
        action='store_true',
        help='measure the tracker alone, with proposals that were made on the clean frames',
    )
    add_cfg_option(parser, 'settings that override those of all configs')


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    if len(options.models) % 2:
        parser.error('CONFIG and CHECKPOINT come in pairs')
    options.models = [
        (config, None if checkpoint == 'none' else checkpoint)
        for config, checkpoint in zip(options.models[::2], options.models[1::2])
    ]
    options.names = options.names or [Path(config).stem for config, _ in options.models]
    if len(options.names) != len(options.models) or len(set(options.names)) != len(options.names):
        parser.error(f'{len(options.models)} different --names are needed')
