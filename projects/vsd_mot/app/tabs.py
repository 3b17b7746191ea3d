"""The browser tabs that use the app: a folder each, and what stops their work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock


class Tab:
    """One browser tab.

    Args:
        folder: Holds the results of its latest run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stop = Event()
        self.running = False
        self.closed = False

    def tidy(self) -> None:
        """Remove the results of a tab that is closed, unless a run is still writing them."""
        if self.closed and not self.running:
            shutil.rmtree(self.folder)


class Tabs:
    """All tabs, by the keys that the server knows them by.

    Args:
        root: Where their folders are made.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._tabs: dict[str, Tab] = {}
        self._lock = Lock()

    def ready(self, key: str) -> Tab:
        """Return a tab whose next run has not been stopped yet."""
        with self._lock:
            if key not in self._tabs:
                self._tabs[key] = Tab(Path(mkdtemp(dir=self.root)))
            tab = self._tabs[key]
            tab.stop.clear()
            return tab

    @contextmanager
    def run(self, key: str) -> Iterator[Tab]:
        """Run in a tab that is ready; the results of its run before are removed.

        Raises:
            KeyError: The tab is not open any more.
        """
        with self._lock:
            tab = self._tabs[key]
            shutil.rmtree(tab.folder)
            tab.folder.mkdir()
            tab.running = True
        try:
            yield tab
        finally:
            with self._lock:
                tab.running = False
                tab.tidy()

    def stop(self, key: str) -> None:
        """Stop the run of a tab, if it has one, or the one that waits."""
        with self._lock:
            if key in self._tabs:
                self._tabs[key].stop.set()

    def close(self, key: str) -> None:
        """Stop the run of a tab that was closed, and remove its results as soon as it ends."""
        with self._lock:
            tab = self._tabs.pop(key, None)
            if tab is not None:
                tab.stop.set()
                tab.closed = True
                tab.tidy()
