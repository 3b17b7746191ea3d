"""CLIP's image encoder, and what all image encoders share."""

import cv2
import open_clip
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from clip_samples import add_small_clips
from vsd_mot.models.semantics import CLIPEncoder
from vsd_mot.models.semantics.clip_encoder import attention_pool_values
from vsd_samples import as_tensor, noise_frame, photograph


@pytest.fixture(scope='module', autouse=True)
def _small_models(tmp_path_factory):
    add_small_clips(tmp_path_factory.mktemp('open_clip'))


def whole_model(name: str) -> torch.nn.Module:
    torch.manual_seed(0)
    return open_clip.create_model(name).eval()


def frames() -> list[torch.Tensor]:
    return [as_tensor(photograph('coffee.png')), as_tensor(photograph('chelsea.png'))]


def test_rn50_has_clips_parameters_and_shapes():
    encoder = CLIPEncoder('RN50', pretrained=None)
    assert sum(parameter.numel() for parameter in encoder.parameters()) == 38_316_896
    assert encoder.embed_dims == 1024
    assert encoder.size == (224, 224)
    out = encoder([noise_frame(0)])
    assert out.shape == (1, 1, 1024)
    encoder.tokens = 'grid'
    assert encoder([noise_frame(0)]).shape == (1, 49, 1024)


@pytest.mark.parametrize(
    ('resize', 'mode'), [('squash', 'squash'), ('pad', 'longest'), ('center_crop', 'shortest')]
)
@pytest.mark.parametrize('shape', [(600, 400), (301, 451), (100, 150), (64, 64), (720, 1283)])
def test_preprocessing_is_open_clips(resize, mode, shape):
    """Within one grey level where Pillow rounds otherwise, 0.1 levels on average."""
    image = cv2.resize(photograph('astronaut.png'), shape[::-1])
    encoder = CLIPEncoder('small-resnet', pretrained=None, resize=resize)
    transform = open_clip.image_transform(64, is_train=False, resize_mode=mode)
    expected = transform(Image.fromarray(image[..., ::-1]))
    found = encoder.preprocess([as_tensor(image)])[0]
    levels = (found - expected).abs() * 255 * torch.tensor(encoder.std).view(3, 1, 1)
    assert levels.max() < 1.01
    assert levels.mean() < 0.1


def test_a_mixed_batch_equals_frames_alone():
    encoder = CLIPEncoder('small-resnet', pretrained=None)
    together = encoder(frames())
    for row, frame in enumerate(frames()):
        torch.testing.assert_close(together[row], encoder([frame])[0], atol=1e-5, rtol=1e-4)
    same = encoder([frames()[0]] * 2)
    torch.testing.assert_close(same[0], together[0], atol=1e-5, rtol=1e-4)


def test_only_real_frames_are_taken():
    encoder = CLIPEncoder('small-resnet', pretrained=None)
    with pytest.raises(ValueError, match='uint8 RGB'):
        encoder([torch.randn(3, 64, 64)])


@pytest.mark.parametrize('name', ['small-resnet', 'small-vit'])
def test_global_is_the_models_own_embedding(name, tmp_path):
    model = whole_model(name)
    torch.save(model.state_dict(), tmp_path / 'clip.pt')
    encoder = CLIPEncoder(name, pretrained=str(tmp_path / 'clip.pt'))
    assert encoder.has_weights
    inputs = encoder.preprocess(frames())
    expected = model.encode_image(inputs)
    torch.testing.assert_close(encoder(frames())[:, 0], expected.detach(), atol=1e-5, rtol=1e-4)


def test_grid_tokens_of_a_resnet_are_the_values_that_the_pool_mixes():
    encoder = CLIPEncoder('small-resnet', pretrained=None, tokens='grid')
    tokens = encoder(frames())
    assert tokens.shape == (2, 4, 24)
    # a pool whose attention sees one position only answers with that position's token
    pool = encoder.visual.attnpool
    features = torch.randn(1, 256, 2, 2)
    values = attention_pool_values(pool, features)
    with torch.no_grad():
        pool.q_proj.weight.zero_()
        pool.k_proj.weight.zero_()
    mixture = F.linear(
        torch.cat(
            [
                pool.v_proj(features.flatten(2).mean(2) + pool.positional_embedding[0])[:, None],
                pool.v_proj(features.flatten(2).transpose(1, 2) + pool.positional_embedding[1:]),
            ],
            dim=1,
        ).mean(dim=1),
        pool.c_proj.weight,
        pool.c_proj.bias,
    )
    torch.testing.assert_close(pool(features), mixture)
    first = pool.c_proj(pool.v_proj(features.flatten(2).mean(2) + pool.positional_embedding[0]))
    # equal attention: the mean of the pooled position's value and of all tokens
    torch.testing.assert_close(pool(features), (first + values.sum(dim=1)) / 5)


def test_grid_tokens_of_a_vit_are_its_projected_patches():
    encoder = CLIPEncoder('small-vit', pretrained=None, tokens='grid')
    tokens = encoder(frames())
    assert tokens.shape == (2, 16, 24)
    visual = encoder.visual
    visual.output_tokens = True
    _, patches = visual(encoder.preprocess(frames()))
    torch.testing.assert_close(tokens, (patches @ visual.proj).detach(), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize('kind', ['whole', 'tower', 'half', 'wrapped', 'safetensors', 'archive'])
def test_weights_files_of_every_kind_load(kind, tmp_path):
    model = whole_model('small-resnet')
    state = model.state_dict()
    path = tmp_path / 'weights.pt'
    tolerance = dict(atol=1e-5, rtol=1e-4)
    if kind == 'tower':
        state = model.visual.state_dict()
    elif kind == 'half':
        state = {key: value.half() for key, value in state.items()}
        tolerance = dict(atol=2e-2, rtol=2e-2)
    elif kind == 'wrapped':
        state = dict(state_dict={f'module.{key}': value for key, value in state.items()})
    if kind == 'safetensors':
        from safetensors.torch import save_file

        path = tmp_path / 'weights.safetensors'
        save_file(state, path)
    elif kind == 'archive':
        tower = torch.nn.Module()
        tower.visual = torch.jit.trace(model.visual, torch.zeros(1, 3, 64, 64))
        torch.jit.script(tower).save(str(path))
    else:
        torch.save(state, path)
    encoder = CLIPEncoder('small-resnet', pretrained=str(path))
    expected = model.encode_image(encoder.preprocess(frames())).detach()
    torch.testing.assert_close(encoder(frames())[:, 0], expected, **tolerance)


def test_an_encoder_is_frozen_and_always_in_eval_mode():
    encoder = CLIPEncoder('small-resnet', pretrained=None)
    encoder.train()
    torch.nn.Sequential(encoder).train()
    assert not any(module.training for module in encoder.modules())
    assert not any(parameter.requires_grad for parameter in encoder.parameters())
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    assert not encoder(frames()).requires_grad
    for name, value in encoder.state_dict().items():
        torch.testing.assert_close(value, before[name])


def test_a_fingerprint_tells_weights_and_preprocessing():
    def encoder(**kwargs):
        torch.manual_seed(0)
        return CLIPEncoder('small-resnet', pretrained=None, **kwargs)

    one = encoder()
    assert one.fingerprint() == encoder().fingerprint()
    others = [encoder(resize='pad'), encoder(tokens='grid'), encoder(mean=(0.5, 0.5, 0.5))]
    prints = {other.fingerprint() for other in others}
    changed = encoder()
    state = changed.state_dict()
    state['visual.conv1.weight'] = state['visual.conv1.weight'] + 1e-6
    before = changed.fingerprint()
    changed.load_state_dict(state)
    assert before == one.fingerprint()
    prints.add(changed.fingerprint())
    assert len(prints | {one.fingerprint()}) == 5


def test_what_cannot_be_had_is_said(monkeypatch, tmp_path):
    with pytest.raises(ValueError, match='no model'):
        CLIPEncoder('RN51', pretrained=None)
    with pytest.raises(ValueError, match='openai, yfcc15m'):
        CLIPEncoder('RN50', pretrained='nothing')
    with pytest.raises(RuntimeError, match='not there'):
        CLIPEncoder('small-resnet', pretrained='no/such/file.pt')
    with pytest.raises(ValueError, match='squash, pad, center_crop'):
        CLIPEncoder('small-resnet', pretrained=None, resize='stretch')
    with pytest.raises(ValueError, match='global, grid'):
        CLIPEncoder('small-resnet', pretrained=None, tokens='patches')
    torch.save({'conv1.weight': torch.zeros(1)}, tmp_path / 'other.pt')
    with pytest.raises(RuntimeError, match='does not hold the visual tower'):
        CLIPEncoder('small-resnet', pretrained=str(tmp_path / 'other.pt'))

    def unreachable(*_, **__):
        raise OSError('Name or service not known')

    monkeypatch.setattr(open_clip, 'download_pretrained', unreachable)
    with pytest.raises(RuntimeError, match=r'cannot be downloaded.*local\s+file'):
        CLIPEncoder('RN50', pretrained='openai')


def test_weights_with_code_in_them_are_refused(tmp_path):
    class Code:
        def __reduce__(self):
            return print, ('run',)

    torch.save({'visual.conv1.weight': Code()}, tmp_path / 'bad.pt')
    with pytest.raises(RuntimeError, match='could run code'):
        CLIPEncoder('small-resnet', pretrained=str(tmp_path / 'bad.pt'))
