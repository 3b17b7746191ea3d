import pytest
import torch
from mmtrack.registry import MODELS

from vsd_mot.models.semantics import (
    DSWR,
    FixedFusion,
    FrameQualityScore,
    LearnedScalarFusion,
    StudentEncoder,
)
from vsd_samples import contents


def score(quality: float) -> FrameQualityScore:
    return FrameQualityScore(*[torch.tensor(quality)] * 4)


def test_the_student_has_the_papers_number_of_parameters():
    count = sum(parameter.numel() for parameter in StudentEncoder().parameters())
    assert 600_000 <= count <= 800_000


@pytest.mark.parametrize('count', [0, 1, 57])
@pytest.mark.parametrize('training', [True, False])
def test_the_student_takes_any_number_of_queries(count, training):
    student = StudentEncoder().train(training)
    queries = contents(count, 256)
    out = student(queries, None)
    assert out.shape == (count, 256)
    assert out.isfinite().all()


def test_the_student_is_eq_1_to_3():
    student = StudentEncoder(dropout=0.0).train()
    queries = contents(6, 256)
    projected = queries @ student.input_proj.weight.t() + student.input_proj.bias
    encoded = projected[None]
    assert len(student.encoder.layers) == 3
    for layer in student.encoder.layers:
        encoded = layer(encoded)
    expected = encoded[0] @ student.output_proj.weight.t() + student.output_proj.bias + queries
    torch.testing.assert_close(student(queries, None), expected)
    torch.testing.assert_close(
        student.eval()(queries, None).detach(), expected.detach(), atol=1e-5, rtol=1e-4
    )


def test_the_students_layers_start_out_different():
    first, second, _ = StudentEncoder().encoder.layers
    assert not torch.equal(first.linear1.weight, second.linear1.weight)


def test_the_student_follows_the_order_of_the_queries():
    student = StudentEncoder().eval()
    queries = contents(12, 256)
    order = torch.randperm(12)
    torch.testing.assert_close(
        student(queries[order], None), student(queries, None)[order], atol=1e-5, rtol=1e-4
    )


def test_dswr_is_eq_13_and_14():
    fusion = DSWR(slope=-3.0, bias=1.0)
    semantics, queries = contents(5, 8, seed=2), contents(5, 8)
    fused, weight = fusion(semantics, queries, score(0.4))
    expected = torch.sigmoid(torch.tensor(-3.0 * 0.4 + 1.0))
    torch.testing.assert_close(weight, expected, atol=1e-5, rtol=0)
    torch.testing.assert_close(fused, weight * semantics + (1 - weight) * queries)


def test_lower_quality_has_a_higher_weight_whatever_is_learned():
    fusion = DSWR()
    qualities = torch.linspace(0, 1, 21)
    for raw in (-1e4, -30.0, 0.0, 3.0, 30.0):
        for bias in (-3.0, 0.0, 3.0):
            fusion.raw_slope.data.fill_(raw)
            fusion.bias.data.fill_(bias)
            assert fusion.slope < 0
            assert (fusion.weight(qualities).diff() <= 0).all()
    # and a training that wants the opposite does not get it
    fusion = DSWR()
    optimizer = torch.optim.SGD(fusion.parameters(), lr=50.0)
    for _ in range(50):
        optimizer.zero_grad()
        (fusion.weight(torch.tensor(0.1)) - fusion.weight(torch.tensor(0.9))).backward()
        optimizer.step()
    assert fusion.slope < 0
    assert fusion.weight(torch.tensor(0.0)) >= fusion.weight(torch.tensor(1.0))


def test_gradients_reach_slope_and_bias():
    fusion = DSWR()
    fused, _ = fusion(contents(5, 8, seed=2), contents(5, 8), score(0.4))
    fused.square().sum().backward()
    assert fusion.raw_slope.grad.abs() > 0
    assert fusion.bias.grad.abs() > 0


@pytest.mark.parametrize('kind', [FixedFusion, LearnedScalarFusion])
def test_fusion_at_one_ratio_does_not_look_at_the_quality(kind):
    fusion = kind(weight=0.25)
    semantics, queries = contents(5, 8, seed=2), contents(5, 8)
    fused, weight = fusion(semantics, queries, None)
    torch.testing.assert_close(fused, 0.25 * semantics + 0.75 * queries)
    torch.testing.assert_close(fusion(semantics, queries, score(0.1))[1], weight)
    assert len(list(fusion.parameters())) == (kind is LearnedScalarFusion)


@pytest.mark.parametrize(
    ('config', 'message'),
    [
        (dict(type='DSWR', slope=0.5), 'negative'),
        (dict(type='FixedFusion', weight=1.5), 'between 0 and 1'),
        (dict(type='LearnedScalarFusion', weight=1.0), 'between 0 and 1'),
    ],
)
def test_a_fusion_says_what_is_wrong(config, message):
    with pytest.raises(ValueError, match=message):
        MODELS.build(config)
