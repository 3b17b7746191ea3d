import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from file_server import serving
from vsd_mot.engine.downloads import download
from vsd_mot.errors import BusyError, DownloadError
from vsd_mot.locks import FileLock

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
    path = tmp_path / 'a.pth'
    assert download(f'{server}/whole', path, sha256=digest[:8], progress=False) == digest
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


DIGEST = hashlib.sha256(CONTENT).hexdigest()


def go_on(served, path, **settings):
    return download(f'{served.url}/a.pth', path, resume=True, progress=False, **settings)


def test_a_download_goes_on_where_it_broke_off(tmp_path):
    path = tmp_path / 'a.pth'
    with serving(files={'/a.pth': CONTENT}, cut={'/a.pth': 100_000}) as served:
        with pytest.raises(DownloadError, match='100000 of 256000 bytes: try again, it goes on'):
            go_on(served, path)
        assert not path.exists()
        assert go_on(served, path, sha256=DIGEST) == DIGEST
    assert [asked for _, _, asked in served.requests] == [None, 'bytes=100000-']
    assert path.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize('change', ['content', 'ranges', 'marks'])
def test_it_starts_over_where_it_cannot_go_on(tmp_path, change):
    path = tmp_path / 'a.pth'
    with serving(files={'/a.pth': CONTENT}, cut={'/a.pth': 100_000}) as served:
        if change == 'marks':
            served.marks = ('ETag', 'W/"weak"')
        with pytest.raises(DownloadError):
            go_on(served, path)
        if change == 'content':
            served.files['/a.pth'] = CONTENT[::-1]
        served.ranges = change != 'ranges'
        go_on(served, path)
    assert path.read_bytes() == served.files['/a.pth']
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize('shorter', [False, True])
def test_all_of_it_had_come(tmp_path, shorter):
    path = tmp_path / 'a.pth'
    with serving(files={'/a.pth': CONTENT}, marks=('ETag', '"same"')) as served:
        served.cut['/a.pth'] = 255_999
        with pytest.raises(DownloadError):
            go_on(served, path)
        with (tmp_path / '.a.pth.part').open('ab') as part:
            part.write(CONTENT[255_999:])
        served.files['/a.pth'] = CONTENT[:1000] if shorter else CONTENT
        go_on(served, path)
    assert path.read_bytes() == served.files['/a.pth']
    assert list(tmp_path.iterdir()) == [path]


def test_a_mixture_does_not_stay(tmp_path):
    path = tmp_path / 'a.pth'
    with serving(
        files={'/a.pth': CONTENT}, cut={'/a.pth': 1000}, marks=('ETag', '"wrong"')
    ) as served:
        with pytest.raises(DownloadError):
            go_on(served, path, sha256=DIGEST)
        served.files['/a.pth'] = CONTENT[::-1]
        with pytest.raises(DownloadError, match='is not the file that is expected'):
            go_on(served, path, sha256=DIGEST)
        assert list(tmp_path.iterdir()) == []
        served.files['/a.pth'] = CONTENT
        go_on(served, path, sha256=DIGEST)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize('resume', [False, True])
@pytest.mark.parametrize(
    ('limits', 'message'),
    [
        (dict(max_bytes=255_999), 'has 256000 bytes or more, and at most 255999'),
        (dict(size=1), 'it has 256000 bytes, not 1'),
    ],
)
def test_sizes_are_limited(tmp_path, resume, limits, message):
    with (
        serving(files={'/a.pth': CONTENT}) as served,
        pytest.raises(DownloadError, match=message),
    ):
        download(f'{served.url}/a.pth', tmp_path / 'a', resume=resume, progress=False, **limits)
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_are_kept_apart(tmp_path):
    with (
        serving(files={'/a.pth': CONTENT}) as served,
        FileLock(tmp_path / '.a.pth.lock', 'it'),
        pytest.raises(BusyError),
    ):
        go_on(served, tmp_path / 'a.pth')


def test_progress_begins_where_it_broke_off(tmp_path, capsys):
    with serving(files={'/a.pth': CONTENT}, cut={'/a.pth': 128_000}) as served:
        for _ in range(2):
            try:
                download(f'{served.url}/a.pth', tmp_path / 'a.pth', resume=True)
            except DownloadError:
                capsys.readouterr()
    shown = capsys.readouterr().err
    assert shown.lstrip().startswith('a.pth:  50%')
    assert '100%' in shown
