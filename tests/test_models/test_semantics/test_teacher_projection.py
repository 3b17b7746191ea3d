"""The teacher's tokens at the student's width and length."""

import pytest
import torch

from vsd_mot.models.semantics.teacher_projection import TeacherProjection, rms


def projection(mode='learned', teacher_dims=12, embed_dims=6):
    torch.manual_seed(0)
    return TeacherProjection(teacher_dims, embed_dims, mode).double()


@pytest.mark.parametrize('mode', ['learned', 'orthogonal'])
def test_tokens_are_stretched_between_their_neighbours(mode):
    align, tokens = projection(mode), torch.randn(4, 12).double()
    same = align(tokens, 4)
    assert same.shape == (4, 6)
    stretched = align(tokens, 8)
    torch.testing.assert_close(stretched[0], same[0])
    torch.testing.assert_close(stretched[-1], same[-1])
    torch.testing.assert_close(stretched[1], 0.75 * same[0] + 0.25 * same[1])
    one = align(tokens[:1], 5)
    assert torch.equal(one, one[:1].expand(5, -1))


def test_an_orthogonal_projection_is_frozen_and_has_unit_variance():
    align = projection('orthogonal', 64, 32)
    assert not any(parameter.requires_grad for parameter in align.parameters())
    gram = align.linear.weight @ align.linear.weight.T
    # Made orthogonal in single precision.
    torch.testing.assert_close(gram, torch.eye(32).double(), atol=1e-5, rtol=0)
    tokens = torch.randn(400, 64).double()
    assert rms(align(tokens, 400)).item() == pytest.approx(1, abs=0.05)
    torch.testing.assert_close(align(7 * tokens, 400), align(tokens, 400))  # one length


def test_widths_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"teacher_proj='random': choose one of learned"):
        projection('random')
    with pytest.raises(ValueError, match="the teacher has 4: use teacher_proj='learned'"):
        projection('orthogonal', teacher_dims=4)
    with pytest.raises(ValueError, match='set teacher_dims=5 in the loss'):
        projection()(torch.zeros(1, 5).double(), 3)


def test_rms():
    assert rms(torch.tensor([[3.0, 4.0]], requires_grad=True)).item() == pytest.approx(12.5**0.5)
    assert not rms(torch.ones(1, requires_grad=True)).requires_grad
