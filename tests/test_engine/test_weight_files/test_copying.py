import hashlib

import pytest

from vsd_mot.engine.weight_files.copying import checked_sha256, copy_file
from vsd_mot.errors import DownloadError

DIGEST = hashlib.sha256(b'content').hexdigest()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / 'source'
    path.write_bytes(b'content')
    return path


@pytest.mark.parametrize(('sha256', 'size'), [(None, None), (DIGEST[:8].upper(), 7), (DIGEST, 7)])
def test_a_copy(source, tmp_path, sha256, size):
    assert copy_file(source, tmp_path / 'new' / 'a', sha256=sha256, size=size) == DIGEST
    assert (tmp_path / 'new' / 'a').read_bytes() == b'content'


@pytest.mark.parametrize(
    ('sha256', 'size', 'message'),
    [('00000000', None, 'SHA-256 begins with ed7002b4'), (None, 8, '7 bytes, not 8')],
)
def test_another_file_is_refused_by_its_own_name(source, tmp_path, sha256, size, message):
    for check in (
        lambda: checked_sha256(source, sha256=sha256, size=size),
        lambda: copy_file(source, tmp_path / 'a', sha256=sha256, size=size),
    ):
        with pytest.raises(DownloadError, match=message) as raised:
            check()
        assert str(raised.value).startswith(f'{source} is not')
    assert list(tmp_path.iterdir()) == [source]
