import pytest
import torch

from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.engine.weight_writing import plain_meta, require_ending, write_weights
from vsd_mot.errors import CheckpointError

TYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.uint8)


def weights():
    """Of all types, one memory for several, views, transposed, empty, a number, masks."""
    tied = torch.arange(6.0)
    state = {f'{dtype}': torch.arange(4).to(dtype) for dtype in TYPES}
    return {
        **state,
        'tied': tied,
        'again': tied,
        'part': tied[2:4],
        'transposed': tied.view(2, 3).t(),
        'empty': torch.zeros(0, 3),
        'number': torch.tensor(3),
        'flags': torch.tensor([True, False]),
        'attn_mask': torch.tensor([0.0, -torch.inf]),
        'ö': torch.nn.Parameter(torch.ones(1)),
    }


@pytest.mark.parametrize('name', ['a.safetensors', 'a.pth', 'a.pt'])
def test_weights_come_back_as_they_were(tmp_path, name):
    path = tmp_path / 'new' / name
    write_weights(path, weights(), dict(epoch=8, card=dict(licence='MIT', classes=['a'])))
    content = load_weights(path)
    assert content['state_dict'].keys() == weights().keys()
    for key, weight in weights().items():
        back = content['state_dict'][key]
        assert back.dtype == weight.dtype
        assert back.shape == weight.shape
        assert torch.equal(back, weight), key
    assert content['meta']['epoch'] == 8
    assert content['meta']['card'] == dict(licence='MIT', classes=['a'])
    assert [file.name for file in path.parent.iterdir()] == [name]


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match=r'a\.ckpt: weights are written as \.safetensors'):
        require_ending(tmp_path / 'a.ckpt')
    with pytest.raises(CheckpointError):
        write_weights(tmp_path / 'a', weights(), {})


def test_what_safetensors_cannot_hold_is_refused(tmp_path):
    path = tmp_path / 'a.safetensors'
    path.write_bytes(b'before')
    with pytest.raises(CheckpointError, match=r'meta\.when is not text'):
        write_weights(path, weights(), dict(when=torch.ones(1)))
    quantised = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)
    with pytest.raises(CheckpointError, match='safetensors cannot hold these weights'):
        write_weights(path, dict(a=quantised), {})
    assert path.read_bytes() == b'before'
    assert list(tmp_path.iterdir()) == [path]


def test_plain_meta():
    meta = dict(a=[1, 'x', None], b=torch.ones(1), c=float('nan'), d=dict(e=(1, 2)))
    assert plain_meta({**meta, 3: 'x'}) == dict(a=[1, 'x', None], d=dict(e=(1, 2)))
