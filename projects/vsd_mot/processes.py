"""Worker processes that end with the process they work for."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """Have this process killed when its parent ends, which a kill does not let it do itself.

    Workers otherwise wait for work for ever, or go on with theirs. Linux alone can do that; for
    other systems this does nothing.

    Args:
        parent: Process that it works for; if that is gone already, this process ends at once. None
            takes the parent it has now.
    """
    if not sys.platform.startswith('linux'):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)
