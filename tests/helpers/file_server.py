"""A server of files on this machine: ranges, marks, broken connections, redirections, a hub."""

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

COMMIT = '0123456789abcdef0123456789abcdef01234567'


@dataclass
class Served:
    """What the server has, how it behaves, and what it was asked for.

    Attributes:
        files: Path to content.
        redirections: Path to address.
        cut: Paths to the bytes after which the connection breaks, once.
        ranges: Whether it knows ranges.
        marks: Header that marks a content, and its value; by default an ETag of the content.
        requests: Method, path and Range of each.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    redirections: dict[str, str] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    ranges: bool = True
    marks: tuple[str, str] | None = None
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    url: str = ''


class _Handler(BaseHTTPRequestHandler):
    served: Served

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        served = self.served
        asked = self.headers.get('Range')
        served.requests.append((self.command, path, asked))
        if path in served.redirections:
            self.answer(302, b'', Location=served.redirections[path])
        elif path.startswith('/api/models/'):
            self.describe(path)
        elif path not in served.files:
            self.answer(404, b'')
        else:
            self.send(path, served.files[path], asked)

    def send(self, path: str, content: bytes, asked: str | None) -> None:
        served = self.served
        name, mark = served.marks or ('ETag', f'"{hashlib.sha256(content).hexdigest()}"')
        headers = {name: mark, 'X-Repo-Commit': COMMIT}
        wanted = re.fullmatch(r'bytes=(\d+)-', asked or '')
        if wanted and served.ranges and self.headers.get('If-Range') in (None, mark):
            start = int(wanted[1])
            if start >= len(content):
                self.answer(416, b'', **{'Content-Range': f'bytes */{len(content)}'})
                return
            extent = f'bytes {start}-{len(content) - 1}/{len(content)}'
            self.answer(206, content[start:], path, **headers, **{'Content-Range': extent})
        else:
            self.answer(200, content, path, **headers)

    def describe(self, path: str) -> None:
        """Answers as the hub does when it is asked about a repository."""
        repository = '/'.join(path.removeprefix('/api/models/').split('/')[:2])
        start = f'/{repository}/resolve/{COMMIT}/'
        siblings = [
            dict(
                rfilename=name.removeprefix(start),
                size=len(content),
                lfs=dict(
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    pointerSize=134,
                ),
            )
            for name, content in self.served.files.items()
            if name.startswith(start)
        ]
        if not siblings:
            self.answer(404, b'{"error": "Repository not found"}')
            return
        described = dict(id=repository, sha=COMMIT, siblings=siblings)
        self.answer(200, json.dumps(described).encode(), **{'Content-Type': 'application/json'})

    def answer(self, status: int, body: bytes, path: str = '', **headers: str) -> None:
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body[: self.served.cut.pop(path, len(body))])

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving(**settings: object) -> Iterator[Served]:
    """Runs a server; its `url` has no slash at the end."""
    served = Served(**settings)
    handler = type('Handler', (_Handler,), dict(served=served))
    server = ThreadingHTTPServer(('127.0.0.1', 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs=dict(poll_interval=0.01)).start()
    served.url = f'http://127.0.0.1:{server.server_port}'
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
