import pytest
import torch

from command_runs import REPOSITORY
from vsd_mot.engine.model_card import ModelCard
from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.engine.weight_files.packing import pack
from vsd_mot.engine.weight_files.verifying import verify
from vsd_mot.errors import CheckpointError
from vsd_mot.fileio import file_sha256

DEMO = REPOSITORY / 'demo'


def assert_same(path, state):
    content = load_weights(path)
    assert content['state_dict'].keys() == state.keys()
    for key, weight in state.items():
        back = content['state_dict'][key]
        assert back.dtype == weight.dtype
        assert torch.equal(back, weight)


@pytest.mark.parametrize('name', ['vsd-mot_tiny-nano_real.pth', 'yolox_nano_degraded-person.pth'])
def test_there_and_back(tmp_path, name):
    source, safe, back = DEMO / name, tmp_path / 'a.safetensors', tmp_path / 'b.pth'
    before = load_weights(source)
    packed = pack(source, safe, ModelCard(licence='CC-BY-NC-SA-3.0', config='model = 1'))
    assert packed.tensors == len(before['state_dict'])
    assert packed.left_out == ()
    assert packed.card.source == name
    assert packed.card.source_sha256 == file_sha256(source)
    assert packed.card.classes == tuple(before['meta'].get('classes', ()))
    again = pack(safe, back, ModelCard(data='five cameras'))
    assert again.card == ModelCard(**{**vars(packed.card), 'data': 'five cameras'})
    for path in (safe, back):
        assert_same(path, before['state_dict'])
        assert load_weights(path)['meta'].get('note') == before['meta'].get('note')


def test_what_only_a_training_needs_is_left_out_and_named(tmp_path):
    source = tmp_path / 'epoch_8.pth'
    meta = dict(epoch=8, seed=torch.ones(1), dataset_meta=dict(CLASSES=('a', 'b')))
    torch.save(dict(state_dict=dict(a=torch.ones(1)), meta=meta, optimizer={}), source)
    packed = pack(source, tmp_path / 'a.safetensors', ModelCard())
    assert packed.left_out == ('optimizer', 'meta.seed')
    assert packed.card.classes == ('a', 'b')
    assert load_weights(tmp_path / 'a.safetensors')['meta']['epoch'] == 8


def test_names_and_tied_weights_of_others_are_kept(tmp_path):
    tied = torch.arange(6.0)
    names = ('yolox_embed.weight', 'class_embed.0.bias', 'transformer.decoder.class_embed.0.bias')
    state = {f'module.{name}': tied for name in names}
    torch.save(dict(model=state), tmp_path / 'motrv2.pth')
    pack(tmp_path / 'motrv2.pth', tmp_path / 'a.safetensors', ModelCard())
    assert_same(tmp_path / 'a.safetensors', state)
    assert verify(tmp_path / 'a.safetensors').kind.layout == 'motrv2'


@pytest.mark.parametrize(
    ('source', 'target', 'message'),
    [
        ('a.pth', 'a.pth', 'is the source itself'),
        ('a.pth', 'a.onnx', 'weights are written as'),
        ('none.pth', 'b.pth', 'no such file'),
        ('text.pth', 'b.pth', 'is no checkpoint|cannot be read as a checkpoint'),
        ('cards.pth', 'b.pth', 'the model card is a int'),
    ],
)
def test_what_cannot_be_packed(tmp_path, source, target, message):
    torch.save(dict(a=torch.ones(1)), tmp_path / 'a.pth')
    torch.save(dict(state_dict=dict(a=torch.ones(1)), meta=dict(card=3)), tmp_path / 'cards.pth')
    (tmp_path / 'text.pth').write_text('hello')
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(CheckpointError, match=message):
        pack(tmp_path / source, tmp_path / target, ModelCard())
    assert {path.name for path in tmp_path.iterdir()} == before
