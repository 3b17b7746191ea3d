"""Weights and proposals that are not what they are taken for: a line that says where."""

import json
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save

from command_runs import assert_line
from toy_runner import ToyModel
from vsd_mot.commands import convert_proposals
from vsd_mot.datasets.proposals import ProposalStore, write_proposals
from vsd_mot.engine.launch import check_checkpoint
from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.engine.weights import load_checkpoint
from vsd_mot.errors import CheckpointError


def test_a_proposal_file_of_before_is_sealed_by_who_trusts_it(tmp_path, capsys):
    new, old = tmp_path / 'new.proposals', tmp_path / 'old.proposals'
    write_proposals(new, [('a.jpg', (9, 9), np.array([[0, 0, 5, 5]]), [0.5])])
    old.write_bytes(new.read_bytes()[:-32].replace(b'"version": 2', b'"version": 1'))
    with pytest.raises(ValueError, match=r'old\.proposals is of version 1.*convert proposals seal'):
        ProposalStore(old)
    assert convert_proposals.main(['seal', str(old), str(tmp_path / 'sealed')]) == 0
    assert ProposalStore(tmp_path / 'sealed')['a.jpg'].scores.tolist() == [0.5]
    assert convert_proposals.main(['to-det-db', str(old), str(tmp_path / 'x.json')]) == 1
    assert_line(capsys.readouterr().err, 'convert_det_db', 'no digest')


WEIGHTS = {
    'whole numbers': (lambda w: w.int(), 'int32, strided; expected dense floats'),
    'booleans': (lambda w: w > 0, 'bool, strided; expected dense floats'),
    'out of range': (lambda w: w.double() * 1e300 + 1e300, 'leaves the range of torch.float32'),
    'complex': (lambda w: w.to(torch.complex64), 'is complex'),
    'sparse': (lambda w: w.to_sparse(), 'is sparse or without values'),
    'zeros': (lambda w: w * 0, 'all weights are 0'),
}


@pytest.mark.parametrize('kind', WEIGHTS)
def test_weights_of_another_kind(tmp_path, kind):
    change, message = WEIGHTS[kind]
    model, path = ToyModel(), tmp_path / 'w.pth'
    torch.save(dict(state_dict={k: change(v) for k, v in model.state_dict().items()}), path)
    with pytest.raises(CheckpointError, match=rf'w\.pth: .*{message}'):
        load_checkpoint(model, path)


def no_regular_file(path: Path, kind: str) -> None:
    if kind == 'folder':
        path.mkdir()
    elif kind == 'pipe':
        os.mkfifo(path)
    elif kind == 'socket':
        # An address of a socket has few characters.
        folder = os.open(path.parent, os.O_RDONLY)
        socket.socket(socket.AF_UNIX).bind(f'/proc/self/fd/{folder}/{path.name}')
        os.close(folder)
    else:
        path.symlink_to(kind)


@pytest.mark.parametrize(
    ('kind', 'message'),
    [
        ('folder', 'is a folder'),
        ('pipe', 'is a pipe, socket or device'),
        ('socket', 'is a pipe, socket or device'),
        ('/dev/zero', 'is a pipe, socket or device'),
        ('nowhere', 'is a link that leads nowhere'),
        ('w.pth', 'is a link that leads nowhere'),  # to itself
    ],
)
def test_what_is_no_file_is_not_opened(tmp_path: Path, kind: str, message: str) -> None:
    path = tmp_path / 'w.pth'
    no_regular_file(path, kind)
    with pytest.raises(CheckpointError, match=rf'w\.pth {message}'):
        load_checkpoint(ToyModel(), path)
    with pytest.raises(CheckpointError, match=rf'w\.pth {message}'):
        check_checkpoint(str(path), resume=True)
    with pytest.raises((RuntimeError, FileNotFoundError), match=rf'w\.pth: {message}'):
        load_weights(path)  # as MMEngine's loader calls it for init_cfg


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'', 'is empty'),
        (b'\n<!DOCTYPE html><html>404</html>', 'is a page in HTML'),
        (b'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'git lfs pull'),
        (b'\x1f\x8b\x08' + bytes(40), 'compressed by gzip'),
        (bytes(4096), 'begins with zeros'),
        (b'weights', 'is no checkpoint|cannot be read'),
        (b'{"state_dict": {}}', 'is no checkpoint|cannot be read'),
    ],
)
@pytest.mark.parametrize('name', ['w.pth', 'w.safetensors'])
def test_files_of_another_kind_are_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for read in (lambda path: load_checkpoint(ToyModel(), path), check_checkpoint):
        with pytest.raises(CheckpointError, match=message) as refused:
            read(str(tmp_path / name))
        assert name in str(refused.value)
        assert '\n' not in str(refused.value)


def rewritten(change: Callable[[dict], object]) -> Callable[[bytes, bytes], bytes]:
    """Change the header of a file of safetensors."""

    def write(header: bytes, values: bytes) -> bytes:
        content = json.loads(header)
        text = json.dumps(change(content) or content).encode()
        return struct.pack('<Q', len(text)) + text + values

    return write


DAMAGED_SAFETENSORS: dict[str, Callable[[bytes, bytes], bytes]] = {
    'cut in the header': lambda header, _: struct.pack('<Q', len(header)) + header[:9],
    'cut in the values': lambda header, values: rewritten(dict)(header, values[:-1]),
    'too long': lambda header, values: rewritten(dict)(header, values + b'more'),
    'length beyond the file': lambda header, values: struct.pack('<Q', 2**62) + header + values,
    'length too short': lambda header, _: struct.pack('<Q', len(header) - 5) + header,
    'no JSON': lambda header, values: rewritten(dict)(header.replace(b':', b' :', 1), b''),
    'unknown type': rewritten(lambda content: content['linear.bias'].update(dtype='F99')),
    'offsets beyond the file': rewritten(
        lambda content: content['linear.bias'].update(data_offsets=[0, 10**9])
    ),
    'negative offsets': rewritten(
        lambda content: content['linear.bias'].update(data_offsets=[-4, 0])
    ),
    'offsets that overlap': rewritten(
        lambda content: content.update({'linear.weight': content['linear.bias']})
    ),
    'huge shape': rewritten(lambda content: content['linear.bias'].update(shape=[10**9] * 3)),
    'deep': lambda header, _: struct.pack('<Q', 40_001) + b'{' + b'[' * 20_000 + b']' * 20_000,
}


@pytest.mark.parametrize('kind', DAMAGED_SAFETENSORS)
def test_damaged_safetensors_are_not_taken_for_pickles(tmp_path: Path, kind: str) -> None:
    whole = save(ToyModel().state_dict())
    end = 8 + struct.unpack('<Q', whole[:8])[0]
    content = DAMAGED_SAFETENSORS[kind](whole[8:end], whole[end:])
    for name in ('w.safetensors', 'w.pth'):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CheckpointError, match=f'{name}: cannot be read .* SafetensorError'):
            load_checkpoint(ToyModel(), tmp_path / name)


@pytest.mark.parametrize(
    'content',
    [None, 3, [1], torch.ones(2), {}, {'state_dict': {}}, {'model': {}}, {'a': 1.0}, {'a': 'b'},
     {'a': np.ones(2)}, {'state_dict': {'state_dict': {'a': torch.ones(1)}}}],
    ids=str,
)  # fmt: skip
def test_checkpoints_without_weights_are_refused_before_data_are_loaded(
    tmp_path: Path, content: object
) -> None:
    path = tmp_path / 'w.pth'
    torch.save(content, path)
    with pytest.raises(CheckpointError, match=r'w\.pth holds (a|no) .*state dict'):
        check_checkpoint(str(path))
    with pytest.raises(CheckpointError, match=r'w\.pth holds (a|no) .*state dict'):
        load_checkpoint(ToyModel(), path)
