"""The command that converts published checkpoints."""

import argparse

import torch

from published_weights import converted, published, tracker
from vsd_mot.commands import convert_weights


def test_command_line_writes_a_checkpoint_with_its_origin(tmp_path, capsys):
    source, destination = tmp_path / 'motrv2.pth', tmp_path / 'new' / 'ours.pth'
    arguments = argparse.Namespace(lr=2e-4, meta_arch='motr')  # the published ones hold this
    model = {f'module.{key}': value for key, value in published('motrv2').items()}
    torch.save(dict(model=model, args=arguments, epoch=4), source)
    assert convert_weights.main(['motrv2', str(source), str(destination)]) == 0
    assert '580 weights converted, 36 not used, 53 of ours not in' in capsys.readouterr().out
    content = torch.load(destination, weights_only=True)
    assert content['meta']['source'] == 'motrv2.pth'
    assert len(content['meta']['source_sha256']) == 64
    assert len(content['meta']['dropped']) == 36
    assert list(destination.parent.iterdir()) == [destination], 'a partial file was left'
    assert all(torch.equal(content['state_dict'][k], v) for k, v in converted().weights.items())
    tracker().load_state_dict(content['state_dict'])


def test_command_line_refuses_in_words(tmp_path, capsys):
    source = tmp_path / 'other.pth'
    torch.save(dict(a=torch.ones(1)), source)
    for arguments, message in (
        ([str(source), str(source)], 'is the source itself'),
        ([str(source), str(tmp_path / 'x.pth'), '--config', 'no.py'], 'no.py: no such config'),
        ([str(source), str(tmp_path / 'x.pth')], 'this is no MOTRv2 checkpoint'),
    ):
        assert convert_weights.main(['motrv2', *arguments]) == 1
        assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ['other.pth']
