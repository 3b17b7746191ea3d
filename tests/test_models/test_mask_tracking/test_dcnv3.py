"""DCNv3 against the published one."""

import pytest
import torch

from hqtrack_fixtures import drawn, largest_difference, numbers, weight
from vsd_mot.engine.conversion.hqtrack_keys import published_key
from vsd_mot.models.mask_tracking.dcnv3 import DCNv3, gather_points, sample_points

SHAPES = dict(a=(2, 9, 13, 64, 4), b=(2, 7, 6, 32, 8))


def published_layer(case: str) -> DCNv3:
    *_, channels, groups = SHAPES[case]
    layer = DCNv3(channels, groups)
    prefix = 'encoder.stages.0.blocks.0.dcn.'
    state = {}
    for key, value in layer.state_dict().items():
        name = published_key(prefix + key).removeprefix('encoder.levels.0.blocks.0.dcn.')
        state[key] = weight(f'dcn_{case}.{name}', value.shape)
        if case == 'b' and name == 'offset.weight':
            state[key] *= 6  # offsets reach far out of the map
    layer.load_state_dict(state)
    return layer


@pytest.mark.parametrize('case', ['a', 'b'])
def test_output_is_the_published_one(case):
    expected = numbers('dcnv3')
    batch, height, width, channels, _ = SHAPES[case]
    x = drawn(f'dcn_{case}.x', (batch, height, width, channels))
    layer = published_layer(case)
    assert largest_difference(layer(x), expected[f'{case}_y']) < 1e-5
    with torch.no_grad():
        assert largest_difference(layer(x), expected[f'{case}_y']) < 1e-5


@pytest.mark.parametrize('case', ['a', 'b'])
def test_sampling_and_its_gradients_are_the_published_ones(case):
    stored = numbers('dcnv3')
    groups = SHAPES[case][-1]
    value, offset, mask = (
        stored[f'{case}_{name}'].requires_grad_() for name in ('value', 'offset', 'mask')
    )
    core = sample_points(
        value, offset.unflatten(-1, (groups, 9, 2)), mask.unflatten(-1, (groups, 9))
    )
    assert largest_difference(core, stored[f'{case}_core']) < 1e-5
    (core * drawn(f'dcn_{case}.R', core.shape)).sum().backward()
    for name, leaf in (('value', value), ('offset', offset), ('mask', mask)):
        assert largest_difference(leaf.grad, stored[f'{case}_g{name}']) < 1e-4


def test_the_fast_form_gives_the_same_on_edges_and_far_out():
    torch.manual_seed(0)
    value = torch.randn(2, 3, 4, 8)
    offsets = torch.randn(2, 3, 4, 2, 9, 2) * 4
    offsets[0] = offsets[0].round()
    offsets[1, ..., :4, :] = 1e4
    weights = torch.rand(2, 3, 4, 2, 9)
    expected = sample_points(value, offsets, weights)
    assert torch.allclose(gather_points(value, offsets, weights), expected, atol=1e-5)


def test_without_offsets_it_is_a_mean_of_the_neighbours():
    layer = DCNv3(8, 2)
    torch.nn.init.eye_(layer.value.weight)
    torch.nn.init.eye_(layer.output.weight)
    x = torch.randn(1, 5, 6, 8)
    expected = torch.nn.functional.avg_pool2d(x.permute(0, 3, 1, 2), 3, 1, 1)
    assert torch.allclose(layer(x).permute(0, 3, 1, 2), expected, atol=1e-5)


def test_groups_must_divide_the_channels():
    with pytest.raises(ValueError, match='5 groups do not divide 64 channels'):
        DCNv3(64, 5)
