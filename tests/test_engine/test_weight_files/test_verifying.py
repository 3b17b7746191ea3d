import argparse
import hashlib
from dataclasses import replace

import pytest
import torch

import hostile_files
from command_runs import REPOSITORY
from vsd_mot.engine.model_card import ModelCard
from vsd_mot.engine.weight_files import verifying
from vsd_mot.engine.weight_files.catalogue import catalogue
from vsd_mot.engine.weight_files.packing import pack
from vsd_mot.engine.weight_files.verifying import verify
from vsd_mot.errors import CheckpointError

STATE = {'yolox_embed.weight': torch.ones(2, 3), 'x': torch.zeros(4, dtype=torch.int64)}


@pytest.mark.parametrize('key', ['model', 'state_dict', None])
def test_a_file_of_weights(tmp_path, key):
    path = tmp_path / 'a.pth'
    torch.save(STATE if key is None else {key: STATE, 'args': argparse.Namespace(lr=1)}, path)
    found = verify(path)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.tensors, found.numbers, found.types) == (2, 10, ('float32', 'int64'))
    assert found.kind.name == 'MOTRv2 as published'
    assert (found.published, found.namesake, found.packed_from) == (None, None, None)
    report = found.report()
    assert 'table    not in it' in report
    assert f'vsd-mot convert weights motrv2 {path} CONVERTED.pth' in report


def test_an_archive_of_torchscript(tmp_path):
    torch.jit.script(torch.nn.Linear(2, 3)).save(tmp_path / 'a.pt')
    assert verify(tmp_path / 'a.pt').tensors == 2


@pytest.mark.parametrize('key', ['model', 'state_dict', None])
@pytest.mark.parametrize('value', [torch.nan, torch.inf])
def test_what_is_not_finite(tmp_path, key, value):
    state = {'a.weight': torch.tensor([1.0, value])}
    torch.save(state if key is None else {key: state}, tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match=r'a\.pth: .*weight a\.weight is not finite'):
        verify(tmp_path / 'a.pth')


class Program:
    def __reduce__(self):
        return exec, (hostile_files.PROGRAM,)


def test_what_is_more_than_data_or_damaged(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save(dict(a=torch.ones(1), b=Program()), tmp_path / 'program.pth')
    with pytest.raises(CheckpointError, match='could run code'):
        verify('program.pth')
    assert not (tmp_path / hostile_files.PROOF).exists()
    torch.save(STATE, tmp_path / 'a.pth')
    (tmp_path / 'cut.pth').write_bytes((tmp_path / 'a.pth').read_bytes()[:-100])
    with pytest.raises(CheckpointError, match='cut off'):
        verify('cut.pth')
    with pytest.raises(CheckpointError, match='no such file'):
        verify('none.pth')


def test_the_table(tmp_path, monkeypatch):
    path = tmp_path / 'motrv2_dancetrack.pth'
    torch.save(STATE, path)
    assert 'named as motrv2-dancetrack, of which no checksum is published' in verify(path).report()
    table = dict(catalogue())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for start in (digest, digest[:8]):
        table['motrv2-dancetrack'] = replace(table['motrv2-dancetrack'], sha256=start)
        monkeypatch.setattr(verifying, 'catalogue', lambda: table)
        assert 'it is motrv2-dancetrack, as published' in verify(path).report()
    pack(path, tmp_path / 'a.safetensors', ModelCard(licence='MIT'))
    report = verify(tmp_path / 'a.safetensors').report()
    assert 'made from motrv2-dancetrack, as its card says' in report
    assert 'card     licence: MIT' in report
    torch.save(dict(STATE, more=torch.ones(1)), path)
    with pytest.raises(CheckpointError, match='has the name of motrv2-dancetrack, but is another'):
        verify(path)


def test_a_damaged_card(tmp_path):
    torch.save(dict(state_dict=STATE, meta=dict(card=dict(data=3))), tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match='the data of the model card is no text'):
        verify(tmp_path / 'a.pth')


def test_shipped_weights():
    found = verify(REPOSITORY / 'demo/vsd-mot_tiny_synthetic.pth')
    assert found.kind.name == 'VSD-MOT'
    assert 'next' not in found.report()
