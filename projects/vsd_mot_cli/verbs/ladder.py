r"""Train and test several configs with several seeds: one table.

Every config is trained with every seed under the budget of its schedule, then tested on each
``--test`` set. ``table.md`` has the means over the seeds and how far the seeds lie apart,
``results.json`` every single score. A command that was interrupted is continued by repeating it:
finished trainings and tests are kept, an unfinished training goes on from its last epoch.

The tiny ladder of table V, with VSE-MOT beside it::

    vsd-mot ladder \
        configs/vsd_mot/{motrv2,distill,dcsd,vsd-mot}_tiny_*.py \
        configs/vse_mot/vse-mot_tiny_*.py \
        --names MOTRv2 "+ distillation" "+ DCSD" VSD-MOT VSE-MOT --seeds 0 1 --workers 2 \
        --test clean=data/synthetic/ low-quality=data/LQsynthetic/
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ..numbers import SEED
from ..options import add_workers, pair


def test_set(text: str) -> tuple[str, str]:
    """Read NAME=DATA_ROOT; the name becomes that of a log and of a result file."""
    name, folder = pair('NAME=DATA_ROOT')(text)
    if not re.fullmatch(r'\w[\w-]*', name) or name in ('train', 'claimed'):
        raise argparse.ArgumentTypeError(f'expected NAME=DATA_ROOT, got {text!r}')
    return name, folder


def option(text: str) -> str:
    """Check KEY=VALUE."""
    if not text.partition('=')[2]:
        raise argparse.ArgumentTypeError(f'expected KEY=VALUE, got {text!r}')
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('configs', nargs='+', help='in the order of the table')
    parser.add_argument('--names', nargs='+', help="of the rows (default: the configs')")
    parser.add_argument('--seeds', nargs='+', type=SEED, default=[0, 1])
    parser.add_argument(
        '--test',
        nargs='+',
        type=test_set,
        required=True,
        metavar='NAME=DATA_ROOT',
        help='the sets to test on, each in place of the data_root of the config',
    )
    add_workers(parser, '--jobs', default=1, what='trainings at a time')
    parser.add_argument(
        '--out',
        '--work-dir',
        dest='work_dir',
        type=Path,
        default=Path('work_dirs/ladder'),
        metavar='DIR',
    )
    parser.add_argument(
        '--cfg-option',
        '--cfg-options',
        dest='cfg_options',
        nargs='+',
        type=option,
        default=[],
        metavar='KEY=VALUE',
        help='for all',
    )


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    options.names = options.names or [Path(config).stem for config in options.configs]
    if len(options.names) != len(options.configs) or len(set(options.names)) != len(options.names):
        parser.error(f'{len(options.configs)} different --names are needed')
    # A run's folder is named by its config and seed, a test's files by its set.
    stems = [Path(config).stem for config in options.configs]
    for what, values in (
        ('configs', stems),
        ('--seeds', options.seeds),
        ('--test', [name for name, _ in options.test]),
    ):
        if len(set(values)) != len(values):
            parser.error(f'{what}: each may be given once')
