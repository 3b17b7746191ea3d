import hashlib

import pytest

from file_server import COMMIT, serving
from vsd_mot.engine.weight_files.fetching import Wanted, fetch, place_of, wanted
from vsd_mot.errors import DownloadError

CONTENT = bytes(range(256)) * 100
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def test_by_name():
    weights = wanted('clip-rn50')
    assert (weights.file, weights.size) == ('RN50.pt', 255827503)
    assert weights.address.startswith('https://')
    assert wanted('clip-rn50', sha256=DIGEST.upper()).sha256 == DIGEST


@pytest.mark.parametrize(
    ('word', 'file'),
    [
        ('https://example.org/x/a.pth?download=1#b', 'a.pth'),
        ('http://example.org/a%20b.pth', 'a b.pth'),
        ('hf://owner/name/x/a.pth@main', 'a.pth'),
    ],
)
def test_by_address(word, file):
    assert wanted(word) == Wanted(word, file, word)


@pytest.mark.parametrize(
    ('word', 'message'),
    [
        ('clip', 'there are no weights'),
        ('hf://owner', 'expected hf://'),
        ('https://example.org/', 'would be a path'),
        ('https://example.org/..%2F..%2Fa.pth/..', 'would be a path'),
        ('https://example.org/a%0Ab', 'control character'),
        ('http://[::1/', 'would be a path'),
    ],
)
def test_what_cannot_be_meant(word, message):
    with pytest.raises((DownloadError, ValueError), match=message):
        wanted(word)


@pytest.mark.parametrize('digest', ['1234567', 'g' * 64, '0' * 65, ''])
def test_what_is_no_digest(digest):
    with pytest.raises(DownloadError, match='is no SHA-256'):
        wanted('clip-rn50', sha256=digest)


def test_place(tmp_path):
    weights = Wanted('a', 'a.pth', None)
    assert str(place_of(weights, None)) == 'checkpoints/a.pth'
    assert str(place_of(weights, 'new/')) == 'new/a.pth'
    assert str(place_of(weights, 'new')) == 'new'
    assert place_of(weights, str(tmp_path)) == tmp_path / 'a.pth'


def test_a_folder_as_mirror(tmp_path):
    weights = Wanted('a', 'a.pth', None, 'ask', DIGEST)
    (tmp_path / 'a.pth').write_bytes(CONTENT)
    assert fetch(weights, tmp_path / 'to' / 'b.pth', mirror=str(tmp_path)) == DIGEST
    assert (tmp_path / 'to' / 'b.pth').read_bytes() == CONTENT
    with pytest.raises(DownloadError, match=r'has no file a\.pth: there is no such folder'):
        fetch(weights, tmp_path / 'c.pth', mirror='none')
    (tmp_path / 'a.pth').write_bytes(CONTENT[::-1])
    with pytest.raises(DownloadError, match=r'a\.pth is not the file that is expected'):
        fetch(weights, tmp_path / 'c.pth', mirror=str(tmp_path))
    assert not (tmp_path / 'c.pth').exists()


def test_a_server_as_mirror(tmp_path):
    with serving(files={'/files/a%20b.pth': CONTENT}) as served:
        weights = Wanted('hf://owner/name/a b.pth', 'a b.pth', 'hf://owner/name/a b.pth')
        fetch(weights, tmp_path / 'a', mirror=f'{served.url}/files/', progress=False)
        assert (tmp_path / 'a').read_bytes() == CONTENT
        with pytest.raises(DownloadError, match='Not Found'):
            fetch(weights, tmp_path / 'b', mirror=served.url, progress=False)


def test_the_hub(tmp_path, monkeypatch):
    monkeypatch.setattr('huggingface_hub.constants.HF_HUB_CACHE', str(tmp_path / 'cache'))
    with serving(files={f'/owner/name/resolve/{COMMIT}/a.pth': CONTENT}) as served:
        monkeypatch.setenv('HF_ENDPOINT', served.url)
        weights = wanted('hf://owner/name')
        assert weights.address == f'hf://owner/name/a.pth@{COMMIT}'
        assert fetch(weights, tmp_path / 'a.pth') == DIGEST


def test_what_is_there_is_checked_and_not_fetched_again(tmp_path):
    path = tmp_path / 'a.pth'
    path.write_bytes(CONTENT)
    weights = Wanted('a', 'a.pth', 'http://127.0.0.1:9/a.pth', None, DIGEST)
    assert fetch(weights, path) == DIGEST
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(DownloadError, match=r'is not the file.*Remove it, or choose another --out'):
        fetch(weights, path)
    assert path.read_bytes() == CONTENT[:-1]


def test_by_hand(tmp_path):
    with pytest.raises(
        DownloadError,
        match=r'may ask: Google Drive, in a browser, https://drive.*; then bring motrv2',
    ):
        fetch(wanted('motrv2-dancetrack'), tmp_path / 'a.pth')


def test_without_a_network_it_says_what_to_do(tmp_path):
    weights = Wanted('a', 'a.pth', 'http://127.0.0.1:9/a.pth')
    with pytest.raises(DownloadError) as raised:
        fetch(weights, tmp_path / 'a.pth', progress=False)
    message = str(raised.value)
    assert 'cannot be downloaded (' in message
    assert 'or bring a.pth here from elsewhere: ' in message
    assert message.endswith('fetch a --mirror FOLDER` checks it and puts it in place')
    assert '. ' not in message


@pytest.mark.parametrize(
    ('digest', 'message'),
    [
        (None, 'is not encrypted .* give the whole SHA-256'),
        (DIGEST[:8], 'is not encrypted'),
        (DIGEST, 'cannot be downloaded'),  # for want of such a server
    ],
)
def test_plain_http_needs_the_whole_digest(tmp_path, digest, message):
    weights = Wanted('a', 'a.pth', 'http://nowhere.invalid/a.pth', None, digest)
    with pytest.raises(DownloadError, match=message):
        fetch(weights, tmp_path / 'a.pth', progress=False)
