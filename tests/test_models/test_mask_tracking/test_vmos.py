"""VMOS against the published one: identities, a first frame."""

import pytest
import torch

from hqtrack_fixtures import (
    drawn,
    largest_difference,
    numbers,
    published_vmos,
    published_weights,
    table,
)
from vsd_mot.engine.conversion.hqtrack_keys import UNUSED, published_key


@pytest.fixture(scope='module')
def vmos():
    return published_vmos()


@torch.no_grad()
def test_identities_are_the_published_ones(vmos):
    expected = numbers('id_embedding')
    bank = vmos.identity_bank
    coarse, fine = bank(bank.one_hot(expected['label'][None]))
    assert largest_difference(coarse.transpose(0, 1)[::3], expected['id_s16']) < 1e-5
    assert largest_difference(fine.transpose(0, 1)[::7], expected['id_s8']) < 1e-5


def test_values_beyond_the_bank_are_in_no_channel(vmos):
    channels = vmos.identity_bank.one_hot(torch.tensor([[[0, 3, 11, 255]]]))
    assert channels.sum(1).tolist() == [[[1, 1, 0, 0]]]
    assert channels[0, 3, 0, 1] == 1


@torch.no_grad()
def test_a_first_frame_is_the_published_one(vmos):
    expected = numbers('reference_frame')
    features = vmos.encode(drawn('encoder.x', (1, 3, 145, 209)))
    label = numbers('id_embedding')['label'][None]
    seen = {}
    hooks = [
        vmos.propagation.layers[2].register_forward_hook(
            lambda module, inputs, output: seen.__setitem__('l2', torch.cat(output[:2], -1))
        ),
        vmos.propagation.norm.register_forward_hook(
            lambda module, inputs, output: seen.__setitem__('s4', output)
        ),
    ]
    logits, _ = vmos.reference(features, vmos.identity_bank.one_hot(label))
    for hook in hooks:
        hook.remove()
    assert largest_difference(logits[0, :, ::2, ::2], expected['logits']) < 1e-4
    assert largest_difference(seen['l2'].transpose(0, 1)[::5], expected['l2']) < 1e-4
    finest = seen['s4'].flatten(2).permute(2, 0, 1)
    assert largest_difference(finest[::7], expected['s4']) < 1e-4


def test_every_weight_has_its_published_name(vmos):
    names = {published_key(key): value.shape for key, value in vmos.state_dict().items()}
    used = {key: tuple(shape) for key, (shape, used, _) in table('keys').items() if used}
    assert {key: tuple(shape) for key, shape in names.items()} == used
    dead = {key for key, (_, used, _) in table('keys').items() if not used}
    import re

    assert dead == {
        key for key in published_weights() if any(re.fullmatch(one, key) for one in UNUSED)
    }
    with pytest.raises(KeyError, match='no weight of VMOS'):
        published_key('decoder.conv_in.conv.weight')


def test_a_size_that_the_scales_do_not_fit_is_refused(vmos):
    with pytest.raises(ValueError, match='16 k \\+ 1, got 144 x 209'):
        vmos.encode(torch.zeros(1, 3, 144, 209))
