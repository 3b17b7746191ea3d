"""What the converters share."""

import pickle

import pytest
import torch

from vsd_mot.engine.conversion.base import (
    ConversionError,
    Rule,
    convert,
    read_checkpoint,
)


def test_two_sources_for_one_weight_are_refused():
    rules = [Rule('a|b', 'x')]
    source = dict(a=torch.ones(1), b=torch.ones(1))
    with pytest.raises(ConversionError, match='b and a both want to be x'):
        convert(source, dict(x=torch.zeros(1)), rules, layout='', person_rows={})


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
    with pytest.raises(ConversionError, match='is no checkpoint'):
        read_checkpoint(broken)
    torch.save(dict(a=torch.ones(1000)), broken)
    broken.write_bytes(broken.read_bytes()[:700])
    with pytest.raises(ConversionError, match='cut off'):
        read_checkpoint(broken)
    broken.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ConversionError, match='could run code'):
        read_checkpoint(broken)
