"""Deformable sampling in its fast form against the naive one, and the attention around it."""

import pytest
import torch

from vsd_mot.models.query_tracking.transformer import bag_sampling
from vsd_mot.models.query_tracking.transformer.bag_sampling import (
    StackedLevels,
    bag_deformable_sampling,
)
from vsd_mot.models.query_tracking.transformer.deformable_attention import (
    DeformableAttention,
    compiled_sampling,
    deformable_sampling,
    naive_deformable_sampling,
    sampling_form,
)

SHAPES = [(6, 9), (3, 5), (2, 3), (1, 2)]
NUM_TOKENS = sum(height * width for height, width in SHAPES)


def sampling_inputs(
    batch=2, queries=7, heads=3, depth=5, points=2, shapes=SHAPES, dtype=torch.float32, spread=1.6
):
    """Random values and weights, locations around the map and some way out of it."""
    generator = torch.Generator().manual_seed(0)

    def normal(*size):
        return torch.randn(*size, generator=generator, dtype=dtype)

    tokens = sum(height * width for height, width in shapes)
    value = normal(batch, tokens, heads, depth)
    samples = (batch, queries, heads, len(shapes), points)
    locations = torch.rand(*samples, 2, generator=generator, dtype=dtype)
    return value, 0.5 + (locations - 0.5) * spread, normal(*samples)


def output_and_grads(form, value, locations, weights, grad, shapes=SHAPES):
    leaves = [tensor.detach().clone().requires_grad_() for tensor in (value, locations, weights)]
    output = form(leaves[0], shapes, leaves[1], leaves[2])
    output.backward(grad)
    return [output.detach(), *(leaf.grad for leaf in leaves)]


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
        lambda value, locations, weights: deformable_sampling(value, shapes, locations, weights),
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
        output = form(value, SHAPES, locations, weights)
        torch.testing.assert_close(output.flatten(), torch.tensor([2 * 9 + 4.0, 0.5, 0.0, 0.0]))


def test_location_that_is_no_number_does_not_read_out_of_the_table():
    value, locations, weights = sampling_inputs()
    locations[0, 0] = float('nan')
    locations[0, 1] = float('inf')
    output = bag_deformable_sampling(value, SHAPES, locations, weights)
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
    expected = bag_deformable_sampling(value, SHAPES, locations, weights)
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
    bag_deformable_sampling(leaves[0], SHAPES, *leaves[1:]).backward(grad)
    for index, leaf in enumerate(leaves):
        if index == frozen:
            assert leaf.grad is None
        else:
            torch.testing.assert_close(leaf.grad, expected[index])


@pytest.mark.parametrize('dtype', [torch.bfloat16, torch.float16])
def test_low_precision_values(dtype):
    value, locations, weights = sampling_inputs()
    expected = naive_deformable_sampling(value.to(dtype).float(), SHAPES, locations, weights)
    output = bag_deformable_sampling(value.to(dtype), SHAPES, locations, weights)
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
            output = form(inputs[0], SHAPES, *inputs[1:])
        sizes[form] = sum(kept.values())
        output.sum().backward()
    assert sizes[bag_deformable_sampling] == sum(4 * tensor.numel() for tensor in inputs)
    assert sizes[bag_deformable_sampling] < 0.2 * sizes[naive_deformable_sampling]


def test_form_for_the_cpu_and_without_a_compiled_mmcv():
    import mmcv._ext

    assert sampling_form(torch.zeros(1)) is bag_deformable_sampling
    if mmcv._ext.__file__.endswith('.py'):
        assert compiled_sampling() is None
    else:
        assert callable(compiled_sampling())


def test_compiled_graph_takes_the_naive_form_and_agrees():
    attention = random_attention(num_levels=4)
    query, value = torch.randn(1, 5, 32), torch.randn(1, NUM_TOKENS, 32)
    boxes = torch.rand(1, 5, 4)
    compiled = torch.compile(attention, backend='aot_eager', fullgraph=True)
    torch.testing.assert_close(
        compiled(query, boxes, value, SHAPES),
        attention(query, boxes, value, SHAPES),
        rtol=1e-4,
        atol=1e-5,
    )


def random_attention(**kwargs) -> DeformableAttention:
    torch.manual_seed(0)
    attention = DeformableAttention(32, num_heads=4, **kwargs)
    for parameter in attention.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return attention


def test_published_initialisation():
    attention = DeformableAttention()
    assert attention.sampling_offsets.weight.abs().max() == 0
    bias = attention.sampling_offsets.bias.view(8, 4, 4, 2)  # heads, levels, points, (x, y)
    around = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]
    for point in range(4):
        expected = torch.tensor(around) * (point + 1.0)
        for level in range(4):
            torch.testing.assert_close(bias[:, level, point], expected, atol=1e-5, rtol=0)
    assert attention.attention_weights.weight.abs().max() == 0
    assert attention.attention_weights.bias.abs().max() == 0
    assert attention.value_proj.bias.abs().max() == 0
    assert attention.value_proj.weight.std() > 0


def test_offsets_count_pixels_around_points_and_half_sizes_around_boxes():
    attention = DeformableAttention(32, num_heads=4, num_points=4)
    query = torch.zeros(1, 1, 32)
    offsets = attention.sampling_offsets.bias.view(4, 4, 4, 2)
    points = torch.full((1, 1, 4, 2), 0.5)
    locations = attention.sampling_locations(query, points, SHAPES)[0, 0]
    sizes = torch.tensor([[width, height] for height, width in SHAPES], dtype=torch.float32)
    torch.testing.assert_close(locations, 0.5 + offsets / sizes[:, None])
    boxes = torch.tensor([[[0.5, 0.4, 0.2, 0.1]]])
    locations = attention.sampling_locations(query, boxes, SHAPES)[0, 0]
    expected = torch.tensor([0.5, 0.4]) + offsets / 4 * torch.tensor([0.2, 0.1]) * 0.5
    torch.testing.assert_close(locations, expected)


@pytest.mark.parametrize('masked', [False, True])
def test_plain_and_fast_attention_agree_in_results_and_gradients(masked):
    """With few queries the fast one samples first and projects afterwards."""
    attention = random_attention()
    query = torch.randn(2, 2, 32)
    value = torch.randn(2, NUM_TOKENS, 32)
    boxes = torch.rand(2, 2, 4)  # their samples reach out of the map
    mask = torch.rand(2, NUM_TOKENS) < 0.3 if masked else None
    results = []
    for plain, limit in ((True, 24), (False, 24), (False, 0)):
        attention.plain = plain
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                'vsd_mot.models.query_tracking.transformer.deformable_attention.'
                'ROWS_PER_PROJECTED_TOKEN',
                limit,
            )
            inputs = [tensor.clone().requires_grad_() for tensor in (query, boxes, value)]
            output = attention(*inputs, SHAPES, mask)
            wanted = [*inputs, *attention.parameters()]
            results.append([output, *torch.autograd.grad(output.square().sum(), wanted)])
    for other in results[1:]:
        for got, expected in zip(other, results[0]):
            torch.testing.assert_close(got, expected, rtol=2e-4, atol=2e-4)


def test_masked_tokens_do_not_matter():
    attention = random_attention()
    query, boxes = torch.randn(1, 40, 32), torch.rand(1, 40, 4)
    value = torch.randn(1, NUM_TOKENS, 32)
    mask = torch.zeros(1, NUM_TOKENS, dtype=torch.bool)
    mask[:, 10:30] = True
    other = value.clone()
    other[:, 10:30] = 100.0
    for count in (40, 2):
        arguments = (query[:, :count], boxes[:, :count])
        torch.testing.assert_close(
            attention(*arguments, value, SHAPES, mask), attention(*arguments, other, SHAPES, mask)
        )
        assert not torch.allclose(
            attention(*arguments, value, SHAPES), attention(*arguments, other, SHAPES)
        )


def test_batch_is_the_frames_one_by_one():
    attention = random_attention()
    query, boxes = torch.randn(3, 30, 32), torch.rand(3, 30, 4)
    value = torch.randn(3, NUM_TOKENS, 32)
    together = attention(query, boxes, value, SHAPES)
    for frame in range(3):
        alone = slice(frame, frame + 1)
        torch.testing.assert_close(
            together[alone], attention(query[alone], boxes[alone], value[alone], SHAPES)
        )


@pytest.mark.parametrize('queries', [2, 60])
def test_bf16_autocast_trains(queries):
    attention = random_attention()
    query, boxes = torch.randn(1, queries, 32), torch.rand(1, queries, 4)
    value = torch.randn(1, NUM_TOKENS, 32)
    expected = attention(query, boxes, value, SHAPES)
    with torch.autocast('cpu', torch.bfloat16):
        output = attention(query, boxes, value, SHAPES)
    assert (output.float() - expected).abs().max() < 0.1 * expected.abs().max()
    output.float().square().sum().backward()
    for name, parameter in attention.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0, name


def test_shapes_that_do_not_fit_are_refused():
    attention = random_attention()
    query, value = torch.randn(1, 5, 32), torch.randn(1, NUM_TOKENS, 32)
    with pytest.raises(ValueError, match=r'6 tokens do not fill the 4 levels'):
        attention(query, torch.rand(1, 5, 4), value[:, :6], SHAPES)
    with pytest.raises(ValueError, match=r'reference_points must be .* got \(1, 5, 2\)'):
        attention(query, torch.rand(1, 5, 2), value, SHAPES)
    with pytest.raises(ValueError, match=r'must be a multiple of num_heads'):
        DeformableAttention(30, num_heads=8)
