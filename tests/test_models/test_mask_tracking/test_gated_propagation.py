"""Gated propagation against the published one."""

import pytest
import torch

from hqtrack_fixtures import drawn, largest_difference, load_by_name, numbers
from vsd_mot.models.mask_tracking.attention import local_attention
from vsd_mot.models.mask_tracking.gated_propagation import GatedPropagation
from vsd_mot.models.mask_tracking.memory_frames import LayerMemory

SIZE = (10, 18)


LAYERS = dict(
    l0=('propagation.layers.0.', 256), l1=('propagation.layers.1.', 256),
    s8=('propagation.fine_layer.', 128),
)  # fmt: skip


@pytest.fixture(params=LAYERS)
def case(request):
    prefix, width = LAYERS[request.param]
    layer = GatedPropagation(width, first=request.param == 'l0')
    return request.param, load_by_name(layer, prefix)


def branch(tag: str, name: str, width: int) -> torch.Tensor:
    return drawn(f'gpm.{tag}.{name}', (180, 1, width)).transpose(0, 1)


def stored(tokens: torch.Tensor, step: int) -> torch.Tensor:
    """As in the fixture: some of the tokens, (n, 1, C)."""
    return tokens.transpose(0, 1)[::step][::2]


@torch.no_grad()
def test_passes_are_the_published_ones(case):
    tag, layer = case
    expected = {key[3:]: value for key, value in numbers('gpm').items() if key.startswith(tag)}
    width = layer.channels

    def identity(name):
        return None if tag == 'l0' else branch(tag, name, width)

    parts = {}
    for name in ('long_output', 'short_output', 'self_propagation'):
        layer.get_submodule(name).register_forward_hook(
            lambda module, inputs, output, name=name: parts.__setitem__(name, output)
        )
    memories = []
    for suffix in ('', '2'):
        embedding = branch(tag, f'id_emb{suffix}', width)
        visual, ids, keys = layer(
            branch(tag, f'tgt{suffix}', width), identity('tgt_id'), SIZE, embedding=embedding
        )
        memories.append(layer.remember(keys, embedding))
        if not suffix:
            halves = memories[0].values.split(layer.value_width, dim=-1)
            assert largest_difference(stored(visual, 3), expected['ref_out']) < 1e-5
            assert largest_difference(stored(ids, 3), expected['ref_out_id']) < 1e-5
            assert largest_difference(stored(memories[0].keys, 3), expected['ref_K']) < 1e-5
            assert largest_difference(stored(halves[0], 5), expected['ref_V']) < 1e-5
            assert largest_difference(stored(halves[1], 5), expected['ref_IDV']) < 1e-5
    first, second = memories
    memory = LayerMemory.cat((second, first)), first
    visual, ids, _ = layer(branch(tag, 'tgt3', width), identity('tgt_id3'), SIZE, memory=memory)
    assert largest_difference(stored(visual, 3), expected['out']) < 1e-5
    assert largest_difference(stored(ids, 3), expected['out_id']) < 1e-5
    names = ('long_output', 'short_output', 'self_propagation')
    for name, key in zip(names, ('long_out', 'short_out', 'self_out')):
        assert largest_difference(stored(parts[name], 5), expected[key]) < 1e-5


@torch.no_grad()
def test_weights_of_the_window_are_the_published_ones(case):
    """Read with the identity as values: what comes out are the weights of all places."""
    tag, layer = case
    expected = numbers('gpm')[f'{tag}_short_attn']
    _, queries = layer.describe(
        branch(tag, 'tgt3', layer.channels),
        None if tag == 'l0' else branch(tag, 'tgt_id3', layer.channels),
    )
    _, keys = layer.describe(
        branch(tag, 'tgt', layer.channels),
        None if tag == 'l0' else branch(tag, 'tgt_id', layer.channels),
    )
    weights = local_attention(
        queries.keys, keys.keys, torch.eye(180)[None], relative=layer.bias(queries.keys), size=SIZE
    )[0]
    weights = torch.nn.functional.pad(weights.unflatten(1, SIZE), (7, 7, 7, 7))
    windows = torch.stack(
        [
            weights[at, row : row + 15, column : column + 15].flatten()
            for at, (row, column) in enumerate(
                (row, column) for row in range(SIZE[0]) for column in range(SIZE[1])
            )
        ],
        dim=1,
    )
    assert largest_difference(windows[:, ::6][:, ::2], expected) < 1e-5


def test_a_gradient_reaches_every_weight():
    layer = GatedPropagation(16, window=5).train()
    embedding = torch.randn(1, 12, 16)
    visual, identity, _ = layer(
        torch.randn(1, 12, 16), torch.randn(1, 12, 16), (3, 4), embedding=embedding
    )
    (visual.square().sum() + identity.square().sum()).backward()
    assert all(one.grad is not None and one.grad.abs().sum() > 0 for one in layer.parameters())
