"""What has come of a download that broke off, and whether its server can go on from there."""

from __future__ import annotations

import io
import json
import re
from http.client import HTTPResponse
from pathlib import Path
from typing import BinaryIO

from ..data_files import read_json_object
from ..errors import DataFileError, DownloadError
from ..fileio import open_new, write_atomically

_RANGE = re.compile(r'bytes (\d+)-\d+/(\d+)')


class PartialFile:
    """The beginning of a file, with the mark by which its server knows that file.

    It is gone on with only if the server still has the file of that mark (``If-Range``); a server
    that has not, or that knows no ranges, sends the whole file, which then replaces what is there.

    Args:
        path: Where the bytes are.
        url: Where they are from: those of another address are not gone on with.
        notes: File for the mark; None for bytes that nobody goes on with.
    """

    def __init__(self, path: Path, url: str, notes: Path | None = None) -> None:
        self.path, self.url, self.notes = path, url, notes

    @property
    def length(self) -> int:
        """How many bytes are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def headers(self) -> dict[str, str]:
        """Return the headers that ask for the rest: none where the whole file is wanted."""
        mark = self._mark()
        if not mark or not self.length:
            return {}
        return {'Range': f'bytes={self.length}-', 'If-Range': mark}

    def open(self, answer: HTTPResponse) -> tuple[BinaryIO, int, int | None]:
        """Open the file for what a server sends.

        Args:
            answer: Its answer to a request with :meth:`headers`.

        Returns:
            The file, to write on from where it stands; how many bytes it has, and how many it is
            to have, None where the server does not say.

        Raises:
            DownloadError: The server sends another part than was asked for.
            OSError: The file cannot be written.
        """
        if answer.status == 206:
            extent = _RANGE.fullmatch(answer.headers.get('Content-Range', ''))
            if extent is None or int(extent[1]) != self.length:
                self.remove()
                raise DownloadError(
                    f'{self.url} sent another part of the file than was asked for: try again, it '
                    'starts from the beginning'
                )
            return self.path.open('ab'), self.length, int(extent[2])
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = io.BufferedWriter(open_new(self.path))
        self._note(answer)
        announced = answer.headers.get('Content-Length', '')
        return file, 0, int(announced) if announced.isdecimal() else None

    def remove(self) -> None:
        """Forget what has come."""
        self.path.unlink(missing_ok=True)
        if self.notes is not None:
            self.notes.unlink(missing_ok=True)

    def _mark(self) -> str | None:
        if self.notes is None or self.path.is_symlink():
            return None
        try:
            notes = read_json_object(self.notes, 'url', 'mark')
        except DataFileError:  # there are none, or they are damaged: the file comes as a whole
            return None
        mark = notes['mark']
        return mark if notes['url'] == self.url and isinstance(mark, str) else None

    def _note(self, answer: HTTPResponse) -> None:
        if self.notes is None:
            return
        mark = answer.headers.get('ETag', '')
        if not mark.startswith('"'):  # W/"..." stands for several contents that are much alike
            mark = answer.headers.get('Last-Modified', '')
        write_atomically(self.notes, json.dumps(dict(url=self.url, mark=mark)), sync=False)
