"""Commands in processes of their own that start at once: forked from the test's process.

A fresh process would import PyTorch and the hosts again, which takes ten times what is tested. That
commands start in one as well is tested where they are run as a user runs them, see `command_runs`.
"""

import gc
import multiprocessing
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from torch.distributed import TCPStore

import vsd_mot_cli


def start(
    arguments: Sequence[str | Path], log: Path, variables: Mapping[str, str] | None = None
) -> BaseProcess:
    """Starts ``vsd-mot ARGUMENTS`` with its output in a file; `exitcode` is its status."""
    # What earlier tests left must not be destroyed in the new process, which lacks its threads.
    gc.collect()
    process = multiprocessing.get_context('fork').Process(
        target=_work, args=([*map(str, arguments)], log, dict(variables or {}))
    )
    process.start()
    return process


def run_on_two(arguments: Sequence[str | Path], folder: Path) -> tuple[list[int | None], str]:
    """Runs ``vsd-mot ARGUMENTS`` in two processes, with the variables and the store of torchrun.

    Returns:
        Their statuses and what both printed.
    """
    store = TCPStore('127.0.0.1', 0, is_master=True, wait_for_workers=False)
    common = dict(
        WORLD_SIZE='2',
        MASTER_ADDR='127.0.0.1',
        MASTER_PORT=str(store.port),
        TORCHELASTIC_USE_AGENT_STORE='True',
        TORCHELASTIC_RESTART_COUNT='0',
    )
    logs = [folder / f'rank{rank}.log' for rank in range(2)]
    processes = [
        start(arguments, log, common | dict(RANK=str(rank), LOCAL_RANK=str(rank)))
        for rank, log in enumerate(logs)
    ]
    for process in processes:
        process.join(300)
        process.kill()
    return [process.exitcode for process in processes], ''.join(log.read_text() for log in logs)


def _work(arguments: list[str], log: Path, variables: dict[str, str]) -> None:
    gc.freeze()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    # Those that pytest put there write to the test's own.
    sys.stdout = open(1, 'w', closefd=False)  # noqa: SIM115
    sys.stderr = open(2, 'w', closefd=False, buffering=1)  # noqa: SIM115
    os.environ.update(variables)
    status = 1
    try:
        status = vsd_mot_cli.main(arguments) or 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(status)
