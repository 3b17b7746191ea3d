"""The student: semantics from the queries alone."""

import pytest
import torch

from vsd_mot.models.semantics import (
    StudentEncoder,
)
from vsd_samples import contents


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
