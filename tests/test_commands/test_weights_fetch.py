"""Weights from a server on this machine, as they are fetched by a user."""

import hashlib

import pytest
import torch

from command_runs import assert_line
from file_server import COMMIT, serving
from vsd_mot_cli import main


@pytest.fixture(scope='module')
def content(tmp_path_factory):
    path = tmp_path_factory.mktemp('source') / 'a.pth'
    torch.save(dict(state_dict={'yolox_embed.weight': torch.ones(100, 100)}), path)
    return path.read_bytes()


def fetch(*arguments):
    return main(['weights', 'fetch', *map(str, arguments)])


def test_a_connection_that_breaks(content, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    digest = hashlib.sha256(content).hexdigest()
    with serving(files={'/a.pth': content}, cut={'/a.pth': 1000}) as served:
        assert fetch(f'{served.url}/a.pth') == 1
        error = capsys.readouterr().err
        assert_line(error, 'weights fetch', 'broke off after 1000 of .*: try again, it goes on')
        assert not (tmp_path / 'checkpoints/a.pth').exists()
        assert fetch(f'{served.url}/a.pth', '--sha256', digest[:12]) == 0
        printed = capsys.readouterr()
        assert f'checkpoints/a.pth: {len(content)} bytes, SHA-256 {digest} (as exp' in printed.out
        assert '100%' in printed.err
    assert served.requests[-1] == ('GET', '/a.pth', 'bytes=1000-')
    assert main(['weights', 'verify', 'checkpoints/a.pth']) == 0
    assert [path.name for path in (tmp_path / 'checkpoints').iterdir()] == ['a.pth']


def test_another_file_and_one_that_is_too_large(content, tmp_path, capsys):
    with serving(files={'/a.pth': content}) as served:
        assert fetch(f'{served.url}/a.pth', '--out', tmp_path, '--sha256', '0' * 64) == 1
        assert_line(capsys.readouterr().err, 'weights fetch', 'is not the file that is expected')
        assert fetch(f'{served.url}/a.pth', '--out', tmp_path, '--max-size', '1e-6') == 1
        assert_line(capsys.readouterr().err, 'weights fetch', 'at most 1073 are taken')
    assert list(tmp_path.iterdir()) == []


def test_redirections(content, tmp_path, capsys):
    with serving(files={'/b/c.pth': content}) as served:
        served.redirections['/a.pth'] = f'{served.url}/b/c.pth'
        served.redirections['/evil.pth'] = 'file:///etc/hostname'
        served.redirections['/plain.pth'] = 'http://example.org/a.pth'
        assert fetch(f'{served.url}/a.pth', '--out', tmp_path / 'a.pth') == 0
        assert (tmp_path / 'a.pth').read_bytes() == content
        capsys.readouterr()
        assert fetch(f'{served.url}/evil.pth', '--out', tmp_path) == 1
        assert_line(capsys.readouterr().err, 'weights fetch', 'file:.* is not allowed')
        assert fetch(f'{served.url}/plain.pth', '--out', tmp_path) == 1
        assert_line(capsys.readouterr().err, 'weights fetch', 'example.org/a.pth is not encrypted')
    assert [path.name for path in tmp_path.iterdir()] == ['a.pth']


def test_the_hub(content, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr('huggingface_hub.constants.HF_HUB_CACHE', str(tmp_path / 'cache'))
    name = f'/OpenGVLab/InternImage/resolve/{COMMIT}/internimage_t_1k_224.pth'
    with serving(files={name: content}) as served:
        monkeypatch.setenv('HF_ENDPOINT', served.url)
        assert fetch('internimage-t', '--out', f'{tmp_path}/to/') == 0
        assert 'vsd-mot convert weights intern_image' in capsys.readouterr().out
        assert fetch('hf://OpenGVLab/InternImage@main', '--out', tmp_path / 'b.pth') == 0
    for path in (tmp_path / 'to/internimage_t_1k_224.pth', tmp_path / 'b.pth'):
        assert path.read_bytes() == content


def test_a_mirror_has_what_is_fetched_by_hand(content, tmp_path, capsys):
    (tmp_path / 'motrv2_dancetrack.pth').write_bytes(content)
    out = tmp_path / 'checkpoints' / 'a.pth'
    assert fetch('motrv2-dancetrack', '--out', out) == 1
    assert_line(capsys.readouterr().err, 'weights fetch', 'may ask: Google Drive', '--mirror')
    assert fetch('motrv2-dancetrack', '--out', out, '--mirror', tmp_path) == 0
    printed = capsys.readouterr().out
    assert '(none is published to compare it with)' in printed
    assert f'next: vsd-mot convert weights motrv2 {out} CONVERTED.pth' in printed
    assert out.read_bytes() == content


def test_nobody_there(tmp_path, capsys):
    assert fetch('clip-rn50', '--out', tmp_path, '--mirror', 'http://127.0.0.1:9') == 1
    message = 'or bring RN50.pt here from elsewhere: `vsd-mot weights fetch clip-rn50 --mirror'
    assert_line(capsys.readouterr().err, 'weights fetch', message)


@pytest.mark.parametrize('size', ['0', '-1', 'nan'])
def test_sizes_that_are_none(size, capsys):
    with pytest.raises(SystemExit):
        fetch('clip-rn50', '--max-size', size)
    assert 'argument --max-size: ' in capsys.readouterr().err
