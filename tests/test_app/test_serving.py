"""The server: closed to all but what the page needs, and gone without a trace."""

import json
import os
import socket
import tempfile
from pathlib import Path

import pytest
import requests

from app_samples import bright_models, bright_video, free_port
from vsd_mot.app.serving import serving
from vsd_mot.app.uploads import Limits
from vsd_mot.errors import OutputError

SETTINGS = (0, 8, 100, False, 0)
MB = 1 << 20


@pytest.fixture(scope='module')
def root(tmp_path_factory) -> Path:
    """Where temporary files go."""
    return tmp_path_factory.mktemp('root')


@pytest.fixture(scope='module')
def url(root, tmp_path_factory):
    models = bright_models(tmp_path_factory.mktemp('models'))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, 'tempdir', str(root))
        with serving(models, limits=Limits(megabytes=1, frames=100), port=free_port()) as url:
            yield url


def upload(url: str, path: Path) -> requests.Response:
    with path.open('rb') as file:
        return requests.post(f'{url}gradio_api/upload', files={'files': file}, timeout=20)


def call_run(url: str, path: object, settings: tuple = SETTINGS, model='bright boxes') -> dict:
    """What the page does when "Track" is clicked, with any values; returns Gradio's answer."""
    functions = requests.get(f'{url}config', timeout=20).json()['dependencies']
    run = next(index for index, one in enumerate(functions) if len(one['inputs']) > 2)
    video = None if path is None else dict(path=path, meta={'_type': 'gradio.FileData'})
    for index, data in ((run - 1, []), (run, [video, model, *settings])):
        call = dict(fn_index=index, session_hash='visitor', data=data)
        requests.post(f'{url}gradio_api/queue/join', json=call, timeout=20).raise_for_status()
        address = f'{url}gradio_api/queue/data?session_hash=visitor'
        with requests.get(address, stream=True, timeout=20) as events:
            for line in events.iter_lines():
                event = json.loads(line.removeprefix(b'data: ')) if line else {}
                if event.get('msg') == 'process_completed':
                    break
    return event


def test_it_listens_to_this_machine_alone(url) -> None:
    assert url.startswith('http://127.0.0.1:')
    port = int(url.rstrip('/').rpartition(':')[2])
    with pytest.raises(OSError, match='refused'):
        socket.create_connection((other_address(), port), timeout=5)


def other_address() -> str:
    """Another address of this machine: all of 127.0.0.0/8 is."""
    return '127.0.0.2'


def test_the_page_may_load_from_this_server_alone(url) -> None:
    answer = requests.get(url, timeout=20)
    assert answer.headers['content-security-policy'].startswith("default-src 'self' ")
    assert 'http://fonts' not in answer.text
    assert 'https://fonts' not in answer.text


@pytest.mark.parametrize(
    'path',
    [
        'file=http://127.0.0.1:1/x',
        'file=HTTPS://example.com/x',
        'file=%20http://example.com/x',
        'file/https://example.com/x',
        'proxy=https://example.hf.space/x',
        'file=/etc/passwd',
        'file=../../../../etc/passwd',
        'file=/proc/self/environ',
    ],
)
def test_it_serves_no_addresses_and_no_other_files(url, path) -> None:
    # As it stands: requests would tidy the path up.
    address = requests.Request('GET', url).prepare()
    address.url = f'{url}gradio_api/{path}'
    answer = requests.Session().send(address, timeout=20)
    assert answer.status_code in (403, 404)
    assert 'root:' not in answer.text


def test_an_upload_beyond_the_limit_is_refused_and_not_kept(url, root, tmp_path) -> None:
    large = tmp_path / 'large.mp4'
    large.write_bytes(bytes(MB + 1000))
    assert upload(url, large).status_code == 413
    assert max((file.stat().st_size for file in root.rglob('*') if file.is_file()), default=0) <= MB


def test_a_run_through_the_server(url, tmp_path) -> None:
    (path,) = upload(url, bright_video(tmp_path / 'walk.mp4', 4)).json()
    event = call_run(url, path)
    assert event['success'], event
    video, summary, *_ = event['output']['data']
    assert summary.startswith('4 frames, 2 tracks')
    assert requests.get(f'{url}gradio_api/file={video["path"]}', timeout=20).status_code == 200


@pytest.mark.parametrize('name', ['/etc/hostname', '/etc/x.mp4', '../../etc/hostname'])
def test_a_video_is_what_was_uploaded(url, name) -> None:
    assert not call_run(url, name)['success']


@pytest.mark.parametrize('address', ['http://127.0.0.1:1/x.mp4', 'https://example.com/x.mp4'])
def test_a_video_is_no_address(url, address) -> None:
    event = call_run(url, address)
    assert not event['success']
    assert 'not named by its address' in event['output']['error']


@pytest.mark.parametrize(
    'settings',
    [
        (0, 8, 101, False, 0),
        (0, 1000, 100, False, 0),
        (0, 0, 100, False, 0),
        (-1, 8, 100, False, 0),
        (0, 8, 100, False, -5),
    ],
)
def test_settings_beyond_their_range_are_refused(url, tmp_path, settings) -> None:
    (path,) = upload(url, bright_video(tmp_path / 'walk.mp4', 2)).json()
    event = call_run(url, path, settings)
    assert not event['success']
    assert 'than m' in event['output']['error']  # greater than maximum, less than minimum


def test_no_other_tracker_can_be_named(url, tmp_path) -> None:
    (path,) = upload(url, bright_video(tmp_path / 'walk.mp4', 2)).json()
    assert not call_run(url, path, model='/etc/passwd')['success']


def test_a_port_in_use_is_an_error(tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(OutputError, match=f'127.0.0.1:{port} .* choose another --port'),
            serving(bright_models(tmp_path), port=port),
        ):
            pass


def test_everything_is_removed_when_it_ends(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    video = bright_video(tmp_path / 'walk.mp4', 2)
    with serving(bright_models(tmp_path), port=free_port()) as url:
        (path,) = upload(url, video).json()
        assert Path(path).is_file()
        assert call_run(url, path)['success']
        assert Path(path).is_relative_to(tmp_path)
    assert not Path(path).exists()
    assert sorted(os.listdir(tmp_path)) == ['bright_boxes.py', 'walk.mp4']
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
