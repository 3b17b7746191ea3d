"""Options that several commands have: one spelling for one thing.

``--out``, ``--device``, ``--workers``, ``--seed``, ``--cfg-option``. What a command called them
before stays valid, as does what users of OpenMMLab expect (``--work-dir``, ``--cfg-options``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from .names import BACKENDS
from .numbers import COUNT_OR_ZERO, MAX_WORKERS, SEED, Range
from .settings import DictAction


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add ``--device``; None leaves the choice to the command."""
    parser.add_argument(
        '--device', help="'cpu', 'cuda', 'cuda:1' ... (default: a GPU where there is one)"
    )


def add_backend(parser: argparse.ArgumentParser) -> None:
    """Add ``--backend`` and ``--graphs``."""
    parser.add_argument(
        '--backend',
        choices=('pytorch', *BACKENDS),
        default='pytorch',
        help='what computes the networks (MOTRv2 family): exported graphs on the CPU, or PyTorch '
        'on a GPU by CUDA graphs',
    )
    parser.add_argument(
        '--graphs',
        metavar='DIR',
        help='what `vsd-mot export` has written, for --backend (default: exported when needed)',
    )


def check_backend(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Choose the device that a backend runs beside; end where ``--graphs`` is for none."""
    exported = options.backend not in ('pytorch', 'cuda-graphs')
    if options.graphs is not None and not exported:
        parser.error('--graphs needs a backend that runs them: --backend onnxruntime or openvino')
    if options.device is None and options.backend != 'pytorch':
        options.device = 'cpu' if exported else 'cuda'


def add_workers(
    parser: argparse.ArgumentParser,
    *former: str,
    default: int | None,
    what: str = 'processes',
    least: int = 1,
) -> None:
    """Add ``--workers``.

    Args:
        parser: Receives it.
        *former: Other spellings that stay valid.
        default: How many; None is for the command to choose.
        what: Its help.
        least: The fewest; 0 where the command can do without.
    """
    count = 'all cores' if default is None else default
    parser.add_argument(
        '--workers',
        *former,
        type=Range(int, least, MAX_WORKERS),
        default=default,
        metavar='N',
        help=f'{what} (default: {count})',
    )


def add_seed(parser: argparse.ArgumentParser, what: str, default: int | None = 0) -> None:
    """Add ``--seed``.

    Args:
        parser: Receives it.
        what: Its help.
        default: The seed without it; None where the command or its config chooses.
    """
    note = '' if default is None else f' (default: {default})'
    parser.add_argument('--seed', type=SEED, default=default, metavar='N', help=f'{what}{note}')


def add_cfg_option(
    parser: argparse.ArgumentParser, what: str = 'settings that override the config'
) -> None:
    """Add ``--cfg-option``, which may be repeated; `cfg_options` becomes a dictionary, or None.

    Args:
        parser: Receives it.
        what: Its help.
    """
    parser.add_argument(
        '--cfg-option',
        '--cfg-options',
        dest='cfg_options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help=f'{what}: key=value, a.b.c=value, key="[1,2]"',
    )


def add_live(parser: argparse.ArgumentParser, *, segment: str) -> None:
    """Add what live sources need.

    Args:
        parser: Receives it.
        segment: What holds without ``--segment``, for its help.
    """
    parser.add_argument(
        '--segment',
        type=Range(float, 0),
        metavar='MINUTES',
        help='write segments of so many minutes, each whole as soon as it has its name; 0 writes '
        f'one piece (default: {segment})',
    )
    parser.add_argument(
        '--reconnect',
        type=Range(float, 0),
        default=300.0,
        metavar='SECONDS',
        help='for how long a stream or camera that broke off is connected again; 0 ends with it '
        '(default: 300)',
    )


def add_launcher(parser: argparse.ArgumentParser, *launchers: str) -> None:
    """Add what the launchers of several processes need.

    Args:
        parser: Receives it.
        *launchers: Those that the command understands.
    """
    parser.add_argument(
        '--launcher',
        choices=('none', *launchers),
        default='none',
        help='how the processes were started: pytorch for torchrun and torch.distributed.launch',
    )
    # torch.distributed.launch sends --local-rank from torch 2.0 on, --local_rank before.
    parser.add_argument(
        '--local-rank', '--local_rank', type=COUNT_OR_ZERO, default=0, help=argparse.SUPPRESS
    )


def add_training_and_testing(parser: argparse.ArgumentParser, *work_dir: str) -> None:
    """Add what training and testing have in common.

    Args:
        parser: Receives it.
        *work_dir: Spellings of the folder for logs, checkpoints and results.
    """
    parser.add_argument(
        *work_dir,
        dest='work_dir',
        metavar='DIR',
        help='logs, checkpoints and results (default: work_dirs/CONFIG)',
    )
    add_cfg_option(parser)
    add_launcher(parser, 'pytorch', 'slurm', 'mpi')


def pair(form: str) -> Callable[[str], tuple[str, str]]:
    """Make the type of an option that takes ``NAME=VALUE``.

    Args:
        form: As the help writes it, such as ``SPLIT=FILE``.
    """

    def read(text: str) -> tuple[str, str]:
        name, equals, value = text.partition('=')
        if not (name and equals and value):
            raise argparse.ArgumentTypeError(f'expected {form}, got {text!r}')
        return name, value

    return read


def by_name(
    parser: argparse.ArgumentParser, option: str, pairs: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Return the pairs of an option as a dictionary; end the program where a name is there twice.

    Args:
        parser: Of the command.
        option: For the message.
        pairs: As :func:`pair` reads them.
    """
    names = [name for name, _ in pairs]
    if repeated := [name for name in names if names.count(name) > 1]:
        parser.error(f'{option}: {repeated[0]} is given twice')
    return dict(pairs)


def named_path(text: str) -> tuple[str, Path]:
    """Read ``NAME=PATH``, or a path, whose name is that of the file without its end."""
    name, equals, path = text.partition('=')
    return (name, Path(path)) if equals and name else (Path(text).stem, Path(text))


def require_different_names(
    parser: argparse.ArgumentParser, results: Sequence[tuple[str, Path]]
) -> None:
    """End the program where two of :func:`named_path` would have one name."""
    names = [name for name, _ in results]
    if len(set(names)) != len(names):
        parser.error(
            f'several results are called {max(names, key=names.count)}: write NAME=RESULTS'
        )
