"""Which form of the sampling is taken, and the attention around it."""

import pytest
import torch

from sampling_samples import NUM_TOKENS, SHAPES
from vsd_mot.models.query_tracking.transformer.bag_sampling import (
    bag_deformable_sampling,
)
from vsd_mot.models.query_tracking.transformer.deformable_attention import (
    DeformableAttention,
    compiled_sampling,
    levelwise_deformable_sampling,
    naive_deformable_sampling,
    sampling_form,
)


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
        compiled(query, boxes, value, spatial_shapes=SHAPES),
        attention(query, boxes, value, spatial_shapes=SHAPES),
        rtol=1e-4,
        atol=1e-5,
    )


def test_level_after_level_is_the_same():
    value = torch.randn(2, NUM_TOKENS, 4, 8)
    locations = torch.rand(2, 5, 4, len(SHAPES), 3, 2) * 1.4 - 0.2
    weights = torch.rand(2, 5, 4, len(SHAPES), 3)
    torch.testing.assert_close(
        levelwise_deformable_sampling(value, SHAPES, locations=locations, weights=weights),
        naive_deformable_sampling(value, SHAPES, locations=locations, weights=weights),
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
            output = attention(*inputs, spatial_shapes=SHAPES, padding_mask=mask)
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
            attention(*arguments, value, spatial_shapes=SHAPES, padding_mask=mask),
            attention(*arguments, other, spatial_shapes=SHAPES, padding_mask=mask),
        )
        assert not torch.allclose(
            attention(*arguments, value, spatial_shapes=SHAPES),
            attention(*arguments, other, spatial_shapes=SHAPES),
        )


def test_batch_is_the_frames_one_by_one():
    attention = random_attention()
    query, boxes = torch.randn(3, 30, 32), torch.rand(3, 30, 4)
    value = torch.randn(3, NUM_TOKENS, 32)
    together = attention(query, boxes, value, spatial_shapes=SHAPES)
    for frame in range(3):
        alone = slice(frame, frame + 1)
        torch.testing.assert_close(
            together[alone],
            attention(query[alone], boxes[alone], value[alone], spatial_shapes=SHAPES),
        )


@pytest.mark.parametrize('queries', [2, 60])
def test_bf16_autocast_trains(queries):
    attention = random_attention()
    query, boxes = torch.randn(1, queries, 32), torch.rand(1, queries, 4)
    value = torch.randn(1, NUM_TOKENS, 32)
    expected = attention(query, boxes, value, spatial_shapes=SHAPES)
    with torch.autocast('cpu', torch.bfloat16):
        output = attention(query, boxes, value, spatial_shapes=SHAPES)
    assert (output.float() - expected).abs().max() < 0.1 * expected.abs().max()
    output.float().square().sum().backward()
    for name, parameter in attention.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0, name


def test_shapes_that_do_not_fit_are_refused():
    attention = random_attention()
    query, value = torch.randn(1, 5, 32), torch.randn(1, NUM_TOKENS, 32)
    with pytest.raises(ValueError, match=r'6 tokens do not fill the 4 levels'):
        attention(query, torch.rand(1, 5, 4), value[:, :6], spatial_shapes=SHAPES)
    with pytest.raises(ValueError, match=r'reference_points must be .* got \(1, 5, 2\)'):
        attention(query, torch.rand(1, 5, 2), value, spatial_shapes=SHAPES)
    with pytest.raises(ValueError, match=r'must be a multiple of num_heads'):
        DeformableAttention(30, num_heads=8)
