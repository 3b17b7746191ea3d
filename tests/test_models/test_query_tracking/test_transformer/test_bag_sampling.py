"""Deformable sampling in its fast form against the naive one."""

import pytest
import torch

from sampling_samples import NUM_TOKENS, SHAPES, output_and_grads, sampling_inputs
from vsd_mot.models.query_tracking.transformer import bag_sampling
from vsd_mot.models.query_tracking.transformer.bag_sampling import (
    StackedLevels,
    bag_deformable_sampling,
)
from vsd_mot.models.query_tracking.transformer.deformable_attention import (
    deformable_sampling,
    naive_deformable_sampling,
)


@pytest.mark.parametrize(
    'sizes',
    [
        dict(),
        dict(batch=1, heads=8, depth=32, points=4),
        dict(heads=1, depth=1),
        dict(batch=3, heads=2, depth=33, points=3, shapes=[(1, 1), (4, 1)]),
        dict(shapes=[(5, 7)]),
    ],
)
def test_fast_form_equals_naive_forward_and_backward(sizes):
    shapes = sizes.get('shapes', SHAPES)
    inputs = sampling_inputs(dtype=torch.float64, **sizes)
    value, locations = inputs[:2]
    grad = torch.randn(len(value), locations.shape[1], value.shape[2] * value.shape[3]).double()
    fast = output_and_grads(bag_deformable_sampling, *inputs, grad, shapes=shapes)
    naive = output_and_grads(naive_deformable_sampling, *inputs, grad, shapes=shapes)
    for got, expected in zip(fast, naive):
        torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)


def test_gradients_are_those_of_finite_differences():
    shapes = [(3, 4), (2, 2)]
    inputs = sampling_inputs(queries=3, heads=2, depth=2, shapes=shapes, dtype=torch.float64)
    leaves = [tensor.requires_grad_() for tensor in inputs]
    assert torch.autograd.gradcheck(
        lambda value, locations, weights: deformable_sampling(
            value, shapes, locations=locations, weights=weights
        ),
        leaves,
    )


def test_chunks_do_not_change_the_result(monkeypatch):
    inputs = sampling_inputs(queries=23, dtype=torch.float64)
    grad = torch.randn(2, 23, 15, dtype=torch.float64)
    whole = output_and_grads(bag_deformable_sampling, *inputs, grad)
    monkeypatch.setattr(bag_sampling, 'CHUNK_SAMPLES', 24 * 5)  # 5 queries of 24 samples
    for got, expected in zip(output_and_grads(bag_deformable_sampling, *inputs, grad), whole):
        torch.testing.assert_close(got, expected, rtol=1e-12, atol=1e-12)


def test_outside_of_the_map_is_zero_and_pixel_centres_are_exact():
    value = torch.arange(1.0, NUM_TOKENS + 1).view(1, NUM_TOKENS, 1, 1)
    weights = torch.zeros(1, 4, 1, len(SHAPES), 1)
    weights[:, :, :, 0] = 1
    height, width = SHAPES[0]
    centre = [(3 + 0.5) / width, (2 + 0.5) / height]
    half_out = [0.0, 0.5 / height]  # the left edge: half of the first pixel, half of the zeros
    places = torch.tensor([centre, half_out, [5.0, 0.5], [0.5, -1e6]])
    locations = places.view(1, 4, 1, 1, 1, 2).expand(-1, -1, -1, len(SHAPES), -1, -1)
    for form in (bag_deformable_sampling, naive_deformable_sampling):
        output = form(value, SHAPES, locations=locations, weights=weights)
        torch.testing.assert_close(output.flatten(), torch.tensor([2 * 9 + 4.0, 0.5, 0.0, 0.0]))


def test_location_that_is_no_number_does_not_read_out_of_the_table():
    value, locations, weights = sampling_inputs()
    locations[0, 0] = float('nan')
    locations[0, 1] = float('inf')
    output = bag_deformable_sampling(value, SHAPES, locations=locations, weights=weights)
    assert output[0, :2].abs().max() == 0
    assert output[0, 2:].isfinite().all()


@pytest.mark.parametrize('queries', [0, 1])
@pytest.mark.parametrize('form', [bag_deformable_sampling, naive_deformable_sampling])
def test_few_or_no_queries(form, queries):
    inputs = sampling_inputs(queries=queries)
    grad = torch.ones(2, queries, 15)
    output, grad_value, grad_locations, grad_weights = output_and_grads(form, *inputs, grad)
    assert output.shape == (2, queries, 15)
    assert grad_value.shape == inputs[0].shape
    assert grad_locations.shape == inputs[1].shape
    assert grad_weights.shape == inputs[2].shape
    assert queries or grad_value.abs().max() == 0


def test_arguments_that_are_not_contiguous():
    value, locations, weights = sampling_inputs()
    expected = bag_deformable_sampling(value, SHAPES, locations=locations, weights=weights)
    value = value.transpose(1, 3).contiguous().transpose(1, 3)
    locations = (
        locations.flip(-1).contiguous().flip(-1).transpose(0, 1).contiguous().transpose(0, 1)
    )
    weights = weights.expand(2, *weights.shape)[1].mT.contiguous().mT
    assert not value.is_contiguous()
    assert not locations.is_contiguous()
    assert not weights.is_contiguous()
    grad = torch.ones(1).expand_as(expected)  # stride 0, as the gradient of a sum has
    output = output_and_grads(bag_deformable_sampling, value, locations, weights, grad)
    naive = output_and_grads(naive_deformable_sampling, value, locations, weights, grad)
    torch.testing.assert_close(output[0], expected)
    for got, reference in zip(output, naive):
        torch.testing.assert_close(got, reference, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize('frozen', [0, 1, 2])
def test_gradients_when_one_argument_needs_none(frozen):
    inputs = list(sampling_inputs(dtype=torch.float64))
    grad = torch.ones(2, 7, 15, dtype=torch.float64)
    expected = output_and_grads(naive_deformable_sampling, *inputs, grad)[1:]
    leaves = [tensor.requires_grad_(index != frozen) for index, tensor in enumerate(inputs)]
    output = bag_deformable_sampling(leaves[0], SHAPES, locations=leaves[1], weights=leaves[2])
    output.backward(grad)
    for index, leaf in enumerate(leaves):
        if index == frozen:
            assert leaf.grad is None
        else:
            torch.testing.assert_close(leaf.grad, expected[index])


@pytest.mark.parametrize('dtype', [torch.bfloat16, torch.float16])
def test_low_precision_values(dtype):
    value, locations, weights = sampling_inputs()
    expected = naive_deformable_sampling(
        value.to(dtype).float(), SHAPES, locations=locations, weights=weights
    )
    output = bag_deformable_sampling(value.to(dtype), SHAPES, locations=locations, weights=weights)
    assert output.dtype == dtype
    torch.testing.assert_close(output, expected.to(dtype))


def test_too_many_rows_are_refused():
    with pytest.raises(ValueError, match=r'table rows, more than 2147483647: use smaller'):
        StackedLevels([(50_000, 50_000)], heads=8)


def test_nothing_but_the_arguments_is_kept_for_the_backward():
    inputs = [tensor.requires_grad_() for tensor in sampling_inputs(queries=400, depth=32)]
    kept = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    sizes = {}
    for form in (bag_deformable_sampling, naive_deformable_sampling):
        kept.clear()
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            output = form(inputs[0], SHAPES, locations=inputs[1], weights=inputs[2])
        sizes[form] = sum(kept.values())
        output.sum().backward()
    assert sizes[bag_deformable_sampling] == sum(4 * tensor.numel() for tensor in inputs)
    assert sizes[bag_deformable_sampling] < 0.2 * sizes[naive_deformable_sampling]
