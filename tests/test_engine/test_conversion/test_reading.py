"""Checkpoints of other projects, as they keep them."""

import argparse
import pickle

import pytest
import torch

from vsd_mot.engine.conversion.reading import (
    ConversionError,
    read_checkpoint,
    read_content,
    weights_in,
)


@pytest.mark.parametrize('key', ['model', 'state_dict', None])
def test_where_weights_are_kept(tmp_path, key):
    path = tmp_path / 'a.pth'
    state = {'module.a': torch.ones(2)}
    torch.save(state if key is None else {key: state, 'args': argparse.Namespace(lr=1)}, path)
    assert list(weights_in(read_content(path), path)) == ['module.a']
    assert torch.equal(read_checkpoint(path)['a'], torch.ones(2))


def test_an_archive_of_torchscript(tmp_path):
    module = torch.nn.Linear(2, 3)
    torch.jit.script(module).save(tmp_path / 'a.pt')
    read = read_checkpoint(tmp_path / 'a.pt')
    assert read.keys() == {'weight', 'bias'}
    assert torch.equal(read['weight'], module.weight)


class Evil:
    def __reduce__(self):
        return print, ('run by the checkpoint',)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (dict(model=dict(a=torch.ones(1)), hook=Evil()), 'could run code'),
        (dict(epoch=3), 'epoch are no tensors'),
        ({}, 'holds no state dict'),
        ([1, 2], 'holds no state dict'),
    ],
)
def test_files_that_are_no_checkpoint_are_refused(tmp_path, capsys, content, message):
    path = tmp_path / 'checkpoint.pth'
    torch.save(content, path)
    with pytest.raises(ConversionError, match=message):
        read_checkpoint(path)
    assert 'run by the checkpoint' not in capsys.readouterr().out


def test_broken_files_are_refused(tmp_path):
    with pytest.raises(ConversionError, match='no such file'):
        read_checkpoint(tmp_path / 'nothing.pth')
    broken = tmp_path / 'broken.pth'
    broken.write_bytes(b'<html>404</html>')
    with pytest.raises(ConversionError, match='is a page in HTML'):
        read_checkpoint(broken)
    torch.save(dict(a=torch.ones(1000)), broken)
    broken.write_bytes(broken.read_bytes()[:700])
    with pytest.raises(ConversionError, match='cut off'):
        read_checkpoint(broken)
    broken.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ConversionError, match='could run code'):
        read_checkpoint(broken)
