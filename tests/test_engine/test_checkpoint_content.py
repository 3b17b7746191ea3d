"""A checkpoint's content: what is refused, and why."""

import pytest
import torch
from safetensors.torch import save_file

from toy_runner import ToyModel
from vsd_mot.engine.launch import check_checkpoint
from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.errors import CheckpointError

CHECKPOINTS = {
    'state is a list': (dict(state_dict=[1, 2]), 'its state_dict is a list'),
    'state is text': (dict(state_dict='x'), 'its state_dict is a str'),
    'state has numbers for names': (dict(state_dict={1: torch.ones(1)}), 'its state_dict'),
    'meta is a list': (dict(state_dict={}, meta=['config']), 'its meta is a list'),
    'meta is text': (dict(state_dict={}, meta='config'), 'its meta is a str'),
    'not a number': (dict(state_dict=dict(w=torch.tensor([1, float('nan')]))), 'w is not finite'),
    'infinite': (dict(w=torch.tensor([float('inf')])), 'w is not finite'),
    'complex': (dict(state_dict=dict(w=torch.ones(1, dtype=torch.complex64))), 'w is complex'),
}


@pytest.mark.parametrize('kind', CHECKPOINTS)
def test_checkpoint_of_another_form(tmp_path, kind):
    content, message = CHECKPOINTS[kind]
    path = tmp_path / 'odd.pth'
    torch.save(content, path)
    with pytest.raises(RuntimeError, match=rf'odd\.pth.*{message}'):
        load_weights(path)


def test_weights_alone_are_not_resumed(tmp_path):
    path = tmp_path / 'bare.pth'
    torch.save(dict(state_dict=ToyModel().state_dict()), path)
    check_checkpoint(str(path))
    with pytest.raises(CheckpointError, match=r'bare\.pth holds weights, but not .*load_from=FILE'):
        check_checkpoint(str(path), resume=True)


def test_flipped_bit_is_found(tmp_path):
    path = tmp_path / 'flipped.pth'
    torch.save(dict(state_dict=dict(w=torch.zeros(10_000))), path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(RuntimeError, match=r'flipped\.pth: .*check sum.*Copy or download it again'):
        load_weights(path)


@pytest.mark.parametrize('name', ['weights.safetensors', 'renamed.pth'])
def test_safetensors_are_weights(tmp_path, name):
    model = ToyModel()
    save_file(model.state_dict(), tmp_path / name)
    found = load_weights(str(tmp_path / name), map_location='cpu')
    assert {key: value.tolist() for key, value in found.items()} == {
        key: value.tolist() for key, value in model.state_dict().items()
    }
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[:-1])
    with pytest.raises(RuntimeError, match=rf'{name}: .*cut off'):
        load_weights(str(tmp_path / name))
