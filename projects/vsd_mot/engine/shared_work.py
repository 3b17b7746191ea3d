"""Pieces of work that the processes of a launcher share: each goes to whoever is free."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from typing import Any

import torch
from torch.distributed import PrefixStore, rendezvous

from ..errors import TrackingError
from ..processes import die_with_parent

POLL_SECONDS = 0.2
_uses = itertools.count()  # alike in all processes: each use has keys of its own


def is_launched() -> bool:
    """Whether torchrun, or another launcher that sets its variables, started several processes."""
    return 'RANK' in os.environ and int(os.environ.get('WORLD_SIZE', '1')) > 1


def launched_device(wanted: str | None) -> str | None:
    """Return the device of this process: one GPU each, where the launcher started several.

    Args:
        wanted: 'cpu', 'cuda', 'cuda:1' ..., or None for a GPU where there is one.
    """
    gpus = torch.cuda.device_count()
    if not is_launched() or wanted not in (None, 'cuda') or not gpus:
        return wanted
    return f'cuda:{int(os.environ.get("LOCAL_RANK", "0")) % gpus}'


class SharedWork:
    """The numbers 0 to ``count - 1``, each handed to one process, and what comes of them.

    With `torchrun` (:func:`is_launched`) the processes take numbers from a counter in the
    launcher's store, so that none waits for a slower one; they may be on several machines. Without
    it one process gets all.

    Args:
        count: How many pieces there are.
        what: What the work is, equal in all processes, such as a digest.

    Attributes:
        is_first: Whether this is the process that gathers the results.

    Raises:
        TrackingError: The processes were not started for the same work.
    """

    def __init__(self, count: int, what: str) -> None:
        self.count = count
        self.is_first = True
        self._results: dict[int, Any] = {}
        self._store = None
        if not is_launched():
            return
        die_with_parent()  # torchrun itself may be killed
        store, rank, self._size = next(rendezvous('env://'))
        self._store = PrefixStore(f'vsd_mot/shared_work/{next(_uses)}', store)
        self.is_first, self._rank = rank == 0, rank
        if self.is_first:
            self._store.set('what', what)
        elif (of_first := self._store.get('what').decode()) != what:
            raise TrackingError(
                f'process {rank} has other work than the first one: all must see the same videos '
                f'and settings ({what[:16]}, not {of_first[:16]})'
            )

    def __iter__(self) -> Iterator[int]:
        """Take numbers until none is left."""
        if self._store is None:
            yield from range(self.count)
            return
        while (number := self._store.add('next', 1) - 1) < self.count:
            yield number

    def put(self, number: int, result: Any) -> None:
        """Note what came of a piece, as data that JSON can hold."""
        if self._store is None:
            self._results[number] = result
        else:
            self._store.set(f'result/{number}', json.dumps(result))

    def done(self) -> None:
        """Say that this process takes no more."""
        if self._store is not None:
            self._store.set(f'done/{self._rank}', '')

    def gather(self, *, wait: bool = True) -> dict[int, Any]:
        """Return the results of all processes by number.

        Args:
            wait: Until all are done; else those that are there.
        """
        if self._store is None:
            return dict(self._results)
        everyone = [f'done/{rank}' for rank in range(self._size)]
        while wait and not self._store.check(everyone):
            time.sleep(POLL_SECONDS)  # not in the store, which would answer no signal
        there = [one for one in range(self.count) if self._store.check([f'result/{one}'])]
        return {one: json.loads(self._store.get(f'result/{one}')) for one in there}
