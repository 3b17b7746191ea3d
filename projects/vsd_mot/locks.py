"""Locks between processes, which end with their process however that ends."""

from __future__ import annotations

import contextlib
import os
import socket
import weakref
from pathlib import Path
from types import TracebackType

from .errors import BusyError

try:
    import fcntl
except ImportError:  # Windows: there is no such lock, and two runs are not kept apart
    fcntl = None  # type: ignore[assignment]


# Weakly: a lock that nobody keeps is let go of by the system in the end.
_held: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _forget_in_child() -> None:
    """Close what a forked worker inherits: it would hold the lock beyond its parent's end."""
    for lock in list(_held):
        lock.forget()


if hasattr(os, 'register_at_fork'):
    os.register_at_fork(after_in_child=_forget_in_child)


class FileLock:
    """A lock file that the system lets go of when its process ends, also by a kill.

    The file says who holds it. It is removed by the last one that lets go.

    Args:
        path: The lock file; its folder is made.
        what: What it guards, for the message.
        shared: Whether others may hold it as well that are shared; see :meth:`alone`.
        wait: Whether to wait for whoever holds it, in place of the error.

    Raises:
        BusyError: Somebody else holds it.
        OSError: The file cannot be made.
    """

    def __init__(
        self, path: str | Path, what: str, *, shared: bool = False, wait: bool = False
    ) -> None:
        self.path, self.what, self.shared = Path(path), what, shared
        self._flags = 0 if fcntl is None else self._lock_flags(wait)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file: int | None = None
        while self._file is None:
            self._file = self._take()
        _held.add(self)

    def _lock_flags(self, wait: bool) -> int:
        if self.shared:
            return fcntl.LOCK_SH
        return fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB

    def _take(self) -> int | None:
        """Open and lock the file; None where its holder removed it in between."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, 'O_NOFOLLOW', 0) | getattr(os, 'O_CLOEXEC', 0)
        file = os.open(self.path, flags, 0o666)
        if fcntl is None:
            return file
        try:
            # Who shares it is alone with it for moments only: that is waited for.
            fcntl.flock(file, self._flags)
        except BlockingIOError:
            holder = os.read(file, 200).decode(errors='replace').strip()
            os.close(file)
            raise BusyError(
                f'{self.what} is being written by another process'
                f'{f" ({holder})" if holder.isprintable() and holder else ""}: wait for it, or '
                'choose another folder'
            ) from None
        except OSError:  # a file system without locks
            return file
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), os.stat(self.path, follow_symlinks=False)):
                if not self.shared:
                    os.ftruncate(file, 0)
                    os.write(file, f'process {os.getpid()} on {socket.gethostname()}\n'.encode())
                return file
        os.close(file)
        return None

    def alone(self) -> bool:
        """Whether nobody else holds a shared lock, so that what lies around is nobody's.

        Nobody else gets it from then on, until it is released or shared.
        """
        if self._file is None or fcntl is None:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.share()  # the attempt may have cost us our share
            return False
        return True

    def share(self) -> None:
        """Let others in again after :meth:`alone`."""
        if self._file is not None and fcntl is not None:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> None:
        """Let go; may be called again."""
        if self._file is not None:
            if self.alone():
                self.path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None
            _held.discard(self)

    def forget(self) -> None:
        """Close the file without letting go; whoever shares it by a fork keeps it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.release()
