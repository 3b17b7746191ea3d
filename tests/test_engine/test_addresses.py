import pytest

from file_server import serving
from vsd_mot.engine.addresses import open_address, require_address
from vsd_mot.errors import DownloadError


@pytest.mark.parametrize(
    'url', ['file:///etc/passwd', 'ftp://127.0.0.1/a', 'a.pth', 'https:///a', 'http://[::1/a', '']
)
def test_what_is_no_address_of_the_web(url):
    with pytest.raises(DownloadError, match='is no address of the web'):
        require_address(url)


@pytest.mark.parametrize(
    ('url', 'fine'),
    [
        ('https://example.org/a', True),
        ('http://localhost/a', True),
        ('http://127.0.0.1:80/a', True),
        ('http://[::1]:80/a', True),
        ('http://example.org/a', False),
        ('http://localhost.example.org/a', False),
        ('http://10.0.0.1/a', False),
    ],
)
def test_without_encryption_this_machine_alone_is_asked(url, fine):
    require_address(url)
    if fine:
        require_address(url, plain_http=False)
    else:
        with pytest.raises(DownloadError, match='is not encrypted'):
            require_address(url, plain_http=False)


def test_redirections_are_followed_to_addresses_of_the_web_alone():
    with serving(files={'/a': b'content'}) as served:
        served.redirections.update(
            {
                '/to-file': 'file:///etc/passwd',
                '/to-ftp': 'ftp://127.0.0.1/a',
                '/away': 'http://example.org/a',
                '/to-a': f'{served.url}/a',
            }
        )
        with open_address(f'{served.url}/to-a') as answer:
            assert answer.read() == b'content'
        with pytest.raises(OSError, match='not allowed'):
            open_address(f'{served.url}/to-file')
        with pytest.raises(DownloadError, match='is no address of the web'):
            open_address(f'{served.url}/to-ftp')
        with pytest.raises(DownloadError, match='is not encrypted'):
            open_address(f'{served.url}/away', plain_http=False)
