import pytest

from file_server import COMMIT, serving
from vsd_mot.engine.weight_files.hub import HubAddress, describe, download_from_hub, parse_address
from vsd_mot.errors import DownloadError

CONTENT = bytes(range(256)) * 100


@pytest.fixture
def hub(tmp_path, monkeypatch):
    with serving() as served:
        monkeypatch.setenv('HF_ENDPOINT', served.url)
        monkeypatch.setattr('huggingface_hub.constants.HF_HUB_CACHE', str(tmp_path / 'cache'))
        yield served


def put(hub, *names, repository='owner/name', content=CONTENT):
    for name in names:
        hub.files[f'/{repository}/resolve/{COMMIT}/{name}'] = content


@pytest.mark.parametrize(
    ('text', 'address'),
    [
        ('hf://owner/name', HubAddress('owner/name', None, None)),
        ('hf://owner/name@v1.0', HubAddress('owner/name', None, 'v1.0')),
        ('hf://o-1/n.a_m/a.pth', HubAddress('o-1/n.a_m', 'a.pth', None)),
        ('hf://owner/name/b/a.pth@refs/pr/1', HubAddress('owner/name', 'b/a.pth', 'refs/pr/1')),
    ],
)
def test_addresses(text, address):
    assert parse_address(text) == address
    assert address.text == text


@pytest.mark.parametrize(
    'text',
    [
        'hf://owner',
        'hf://owner/name/',
        'hf://owner/name/../a.pth',
        'hf://../name/a.pth',
        'hf://owner/name/a.pth@',
        'hf://owner/name/a b.pth',
        'https://owner/name',
    ],
)
def test_what_is_no_address(text):
    with pytest.raises(DownloadError, match='expected hf://owner/name'):
        parse_address(text)


@pytest.mark.parametrize('word', ['hf://owner/name', 'hf://owner/name/deep/a.pth@main'])
def test_a_file_of_the_hub(hub, tmp_path, word):
    put(hub, 'deep/a.pth', 'README.md')
    file = describe(parse_address(word))
    assert file.address == HubAddress('owner/name', 'deep/a.pth', COMMIT)
    assert file.address.name == 'a.pth'
    digest = download_from_hub(file, tmp_path / 'new' / 'a.pth', size=len(CONTENT))
    assert digest == file.sha256
    assert (tmp_path / 'new' / 'a.pth').read_bytes() == CONTENT


def test_which_file_has_to_be_clear(hub):
    put(hub, 'a.pth', 'b.pth')
    with pytest.raises(DownloadError, match=r'several files of weights: name one, such as hf://'):
        describe(parse_address('hf://owner/name'))
    put(hub, 'c.safetensors')
    assert describe(parse_address('hf://owner/name')).address.file == 'c.safetensors'
    put(hub, 'README.md', repository='owner/empty')
    with pytest.raises(DownloadError, match=r'has no file of weights: it has README\.md'):
        describe(parse_address('hf://owner/empty'))
    with pytest.raises(DownloadError, match=r'has no file d\.pth: it has a\.pth, b\.pth'):
        describe(parse_address('hf://owner/name/d.pth'))


def test_what_cannot_be_had_is_said_in_a_line(hub, monkeypatch):
    with pytest.raises(DownloadError, match=r'hf://owner/none cannot be had \(.*404') as raised:
        describe(parse_address('hf://owner/none'))
    assert '\n' not in str(raised.value)
    monkeypatch.setenv('HF_ENDPOINT', 'http://127.0.0.1:9')
    with pytest.raises(DownloadError, match='or name another hub by HF_ENDPOINT'):
        describe(parse_address('hf://owner/name'))
    monkeypatch.setenv('HF_ENDPOINT', 'http://example.org')
    with pytest.raises(DownloadError, match='is not encrypted'):
        describe(parse_address('hf://owner/name'))


@pytest.mark.parametrize(
    ('limits', 'message'),
    [
        (dict(sha256='00000000'), 'is not the file that is expected: its SHA-256 is'),
        (dict(size=1), 'it has 25600 bytes, not 1'),
        (dict(max_bytes=25_599), 'at most 25599 are taken'),
    ],
)
def test_another_file_is_refused(hub, tmp_path, limits, message):
    put(hub, 'a.pth')
    file = describe(parse_address('hf://owner/name'))
    with pytest.raises(DownloadError, match=message):
        download_from_hub(file, tmp_path / 'a.pth', **limits)
    assert not (tmp_path / 'a.pth').exists()


def test_what_the_hub_itself_sends_wrong_is_refused(hub, tmp_path):
    put(hub, 'a.pth')
    file = describe(parse_address('hf://owner/name'))
    put(hub, 'a.pth', content=CONTENT[::-1])
    with pytest.raises(DownloadError, match='is not the file that is expected'):
        download_from_hub(file, tmp_path / 'a.pth')
    assert not (tmp_path / 'a.pth').exists()
