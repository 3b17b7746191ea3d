"""The place of a video's results: one writer at a time, and nothing of another video replaced."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..fileio import safe_name
from ..locks import FileLock
from ..video.sources import FrameSource
from ..video.writers.base import write_error
from ..video.writers.formats import EXTRA_FORMATS

TAIL_BYTES = 1 << 16  # of a JSON file, whose `info` comes last
_INFO = '"info": '
# What follows the name of the video in that of a file, up to its suffix.
STEM_ENDS = {'', '_tracked', '_mots', *(one.ending.split('.')[0] for one in EXTRA_FORMATS.values())}


class OutputPlace:
    """Files of one name in a folder, locked as long as they are written.

    What killed runs of that name left half written is removed.

    Args:
        folder: The folder; made when it is missing.
        source: What is tracked.
        name: What the files' names begin with; None takes the source's name.

    Attributes:
        identity: What the JSON notes of the source, to know it again.

    Raises:
        OutputError: The folder cannot be written to, the name cannot be that of a file, or there
            are files of that name that are not results of this source.
        BusyError: Another process is writing results of that name.
    """

    def __init__(self, folder: Path, source: FrameSource, *, name: str | None = None) -> None:
        self.folder, self.source = folder, source
        try:
            self.name = safe_name(name or source.name, 'the name of the source')
        except ValueError as error:
            raise OutputError(str(error)) from error
        path = source.path.resolve() if source.path is not None else None
        self.identity = dict(source=source.label, source_path=None if path is None else str(path))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / f'.{self.name}.lock', f'{folder / self.name}')
        except OSError as error:
            raise write_error(folder, error) from error
        try:
            self._refuse_strangers()
            self._clear_leftovers()
        except BaseException:
            self._lock.release()
            raise

    def path(self, name: str) -> Path:
        """Return a file of the place by its name.

        Raises:
            OutputError: It is the source itself.
        """
        path, source = self.folder / name, self.source.path
        if source is not None and path.exists() and path.samefile(source):
            raise OutputError(f'{path} is the source itself; choose another output folder')
        return path

    def release(self) -> None:
        """Let others write there."""
        self._lock.release()

    def _refuse_strangers(self) -> None:
        text, results = self.folder / f'{self.name}.txt', self.folder / f'{self.name}.json'
        if not results.exists():
            if text.exists() and text.stat().st_size:
                raise OutputError(
                    f'{text} exists, without the {results.name} that a result would have beside '
                    'it: it may not be one. Choose another output folder, or move it away'
                )
            return
        info = written_info(results)
        if info is None:
            raise OutputError(
                f'{results} exists and is no result of tracking: choose another output folder, or '
                'move it away'
            )
        of = info.get('source_path') or info.get('source')
        mine = self.identity['source_path'] if info.get('source_path') else self.source.label
        if of != mine:
            raise OutputError(
                f'{results} holds the results of another source, {of}: choose another output '
                'folder, or move it away'
            )

    def _clear_leftovers(self) -> None:
        """Remove unfinished files of killed runs; whoever writes here has the lock."""
        stems = '|'.join(re.escape(self.name + end) for end in STEM_ENDS)
        leftover = re.compile(rf'(?:{stems})\.[0-9a-f]{{12}}(?:\.\w+)?\.partial')
        for path in self.folder.iterdir():
            if leftover.fullmatch(path.name):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def written_info(path: Path) -> dict[str, Any] | None:
    """Return the `info` at the end of a JSON file that tracking wrote; None where it has none."""
    try:
        with path.open('rb') as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            tail = file.read().decode(errors='replace')
        info = json.JSONDecoder().raw_decode(tail, tail.rindex(_INFO) + len(_INFO))[0]
    except (OSError, ValueError, RecursionError):
        return None
    return info if isinstance(info, dict) and 'complete' in info else None
