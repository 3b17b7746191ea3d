import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vsd_mot.engine.downloads import download
from vsd_mot.errors import DownloadError

CONTENT = bytes(range(256)) * 1000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/missing':
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header('Content-Length', str(len(CONTENT)))
        self.end_headers()
        if self.path == '/silent':
            time.sleep(3)
        self.wfile.write(CONTENT if self.path == '/whole' else CONTENT[:100_000])

    def log_message(self, *_):
        pass


@pytest.fixture(scope='module')
def server():
    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}'
    server.shutdown()


def test_a_whole_file(tmp_path, server):
    digest = hashlib.sha256(CONTENT).hexdigest()
    download(f'{server}/whole', tmp_path / 'a.pth', sha256=digest[:8], progress=False)
    assert (tmp_path / 'a.pth').read_bytes() == CONTENT


@pytest.mark.parametrize(
    ('name', 'message'),
    [
        ('/half', 'broke off after 100000 of 256000 bytes|IncompleteRead'),
        ('/missing', r'cannot be downloaded \(Not Found\)'),
        ('/silent', r'cannot be downloaded \(.*timed out'),
    ],
)
def test_what_is_not_whole_is_not_there(tmp_path, server, name, message):
    with pytest.raises(DownloadError, match=message):
        download(f'{server}{name}', tmp_path / 'a.pth', progress=False, silence=0.5)
    assert list(tmp_path.iterdir()) == []


def test_another_file_is_refused(tmp_path, server):
    with pytest.raises(DownloadError, match='is not the file that is expected'):
        download(f'{server}/whole', tmp_path / 'a.pth', sha256='00000000', progress=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('url', ['file:///etc/passwd', 'ftp://127.0.0.1/a', 'a.pth'])
def test_other_addresses(tmp_path, url):
    with pytest.raises(DownloadError, match='is no address of the web'):
        download(url, tmp_path / 'a.pth')


def test_nobody_there(tmp_path):
    with pytest.raises(DownloadError, match='check the address and the network'):
        download('http://127.0.0.1:9/a.pth', tmp_path / 'a.pth', progress=False)
