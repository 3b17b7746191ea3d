"""Weights packed with a card, and used as the ones they were packed from."""

import pytest
import torch
from safetensors import safe_open

from command_runs import REPOSITORY, assert_line
from published_weights import converted, published
from vsd_mot.apis import init_tracker
from vsd_mot_cli import main

SOURCE = REPOSITORY / 'demo/vsd-mot_tiny-nano_real.pth'
CONFIG = REPOSITORY / 'configs/vsd_mot/vsd-mot_tiny-nano_degraded-real_test-real.py'


@pytest.fixture(scope='module')
def packed(tmp_path_factory):
    path = tmp_path_factory.mktemp('packed') / 'street.safetensors'
    card = ['--config', str(CONFIG), '--data', 'five cameras', '--licence', 'CC-BY-NC-SA-3.0']
    assert main(['weights', 'pack', str(SOURCE), str(path), *card]) == 0
    return path


def test_the_card_is_in_the_file(packed, capsys):
    with safe_open(packed, 'pt') as file:
        metadata = file.metadata()
    assert 'model = dict(' in metadata['config']
    assert metadata['classes'] == '["pedestrian"]'
    assert metadata['data'] == 'five cameras'
    assert metadata['licence'] == 'CC-BY-NC-SA-3.0'
    assert metadata['source'] == SOURCE.name
    assert main(['weights', 'verify', str(packed)]) == 0
    report = capsys.readouterr().out
    assert 'card     classes: pedestrian' in report
    assert 'model    VSD-MOT\n' in report


def test_a_tracker_takes_it_as_it_takes_the_source(packed, tmp_path):
    back = tmp_path / 'back.pth'
    assert main(['weights', 'pack', str(packed), str(back)]) == 0
    states = []
    for path in (SOURCE, packed, back):
        tracker = init_tracker(CONFIG, path, device='cpu')
        assert tracker.classes == ('pedestrian',)
        states.append(tracker.model.state_dict())
    for state in states[1:]:
        assert all(torch.equal(state[key], value) for key, value in states[0].items())


def test_converted_weights_are_written_as_safetensors(tmp_path, capsys):
    source, target = tmp_path / 'motrv2.pth', tmp_path / 'ours.safetensors'
    torch.save(published('motrv2'), source)
    assert main(['weights', 'convert', 'motrv2', str(source), str(target)]) == 0
    with safe_open(target, 'pt') as file:
        assert file.metadata()['source'] == 'motrv2.pth'
        assert set(file.keys()) == set(converted().weights)
    assert main(['convert', 'weights', 'motrv2', str(source), str(tmp_path / 'ours.bin')]) == 1
    assert_line(capsys.readouterr().err, 'convert_weights', 'weights are written as')


def test_what_is_left_out_is_named(tmp_path, capsys):
    source = tmp_path / 'a.pth'
    torch.save(dict(state_dict=dict(a=torch.ones(1)), optimizer={}, message_hub={}), source)
    out = tmp_path / 'a.safetensors'
    assert main(['weights', 'pack', str(source), str(out), '--classes', 'car', 'bus']) == 0
    printed = capsys.readouterr().out
    assert 'left out: optimizer, message_hub' in printed
    assert 'classes: car, bus' in printed
    assert main(['weights', 'pack', str(source), str(source)]) == 1
    assert_line(capsys.readouterr().err, 'weights pack', 'is the source itself')
    assert main(['weights', 'pack', str(source), str(out), '--config', 'no.py']) == 1
    assert_line(capsys.readouterr().err, 'weights pack', 'no config no.py')
