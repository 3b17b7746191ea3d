import json
from types import SimpleNamespace

import pytest

from vsd_mot.engine.partial_file import PartialFile
from vsd_mot.errors import DownloadError

URL = 'https://example.org/a.pth'


def answer(status=200, **headers):
    return SimpleNamespace(status=status, headers=headers)


@pytest.fixture
def part(tmp_path):
    return PartialFile(tmp_path / 'part', URL, tmp_path / 'notes')


def begin(part, content=b'begin', **headers):
    with part.open(answer(**headers))[0] as file:
        file.write(content)


@pytest.mark.parametrize(
    ('headers', 'mark'),
    [
        ({'ETag': '"a"'}, '"a"'),
        ({'ETag': 'W/"a"', 'Last-Modified': 'Mon, 01 Jan'}, 'Mon, 01 Jan'),
        ({'Last-Modified': 'Mon, 01 Jan'}, 'Mon, 01 Jan'),
        ({'ETag': 'W/"a"'}, None),
        ({}, None),
    ],
)
def test_the_rest_is_asked_for_where_the_server_marks_the_content(part, headers, mark):
    begin(part, **headers)
    wanted = {'Range': 'bytes=5-', 'If-Range': mark} if mark else {}
    assert part.headers() == wanted


def test_another_address_is_not_gone_on_with(part):
    begin(part, ETag='"a"')
    assert PartialFile(part.path, URL + '2', part.notes).headers() == {}
    part.notes.write_text('{')
    assert part.headers() == {}
    part.notes.write_text(json.dumps(dict(url=URL, mark=3)))
    assert part.headers() == {}


def test_a_link_is_not_gone_on_with_and_replaced(part, tmp_path):
    begin(part, ETag='"a"')
    (tmp_path / 'precious').write_bytes(b'precious')
    part.path.unlink()
    part.path.symlink_to(tmp_path / 'precious')
    assert part.headers() == {}
    begin(part)
    assert (tmp_path / 'precious').read_bytes() == b'precious'
    assert part.path.read_bytes() == b'begin'


def test_the_rest_is_written_behind(part):
    begin(part, ETag='"a"')
    file, length, total = part.open(answer(206, **{'Content-Range': 'bytes 5-7/8'}))
    with file:
        file.write(b'end')
    assert (length, total) == (5, 8)
    assert part.path.read_bytes() == b'beginend'


@pytest.mark.parametrize('extent', ['bytes 4-7/8', 'bytes 5-7/*', ''])
def test_another_part_is_refused(part, extent):
    begin(part, ETag='"a"')
    with pytest.raises(DownloadError, match='sent another part'):
        part.open(answer(206, **{'Content-Range': extent}))
    assert not part.path.exists()
    assert not part.notes.exists()


def test_length_that_is_announced(part):
    file, length, total = part.open(answer(**{'Content-Length': '8'}))
    file.close()
    assert (length, total) == (0, 8)
    file, _, total = part.open(answer(**{'Content-Length': 'eight'}))
    file.close()
    assert total is None
