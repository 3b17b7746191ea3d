import numpy as np
import pytest
import torch

from vsd_mot.models.semantics import CLIPDistillLoss, DCSDLoss


def stretch(rows: np.ndarray, length: int) -> np.ndarray:
    """Linear interpolation between the centres of cells (equation 5), one row after the other."""
    out = np.empty((length, rows.shape[1]))
    for index in range(length):
        place = (index + 0.5) * len(rows) / length - 0.5
        place = min(max(place, 0.0), len(rows) - 1.0)
        low = int(np.floor(place))
        high = min(low + 1, len(rows) - 1)
        out[index] = rows[low] + (place - low) * (rows[high] - rows[low])
    return out


def dcsd(student, teacher, weight, bias, logits, tau) -> dict[str, float]:
    """Equations 4 to 12 in float64, written from the paper with NumPy."""
    aligned = stretch(teacher @ weight.T + bias, len(student))
    student_norm = student / np.linalg.norm(student, axis=1, keepdims=True)
    teacher_norm = aligned / np.linalg.norm(aligned, axis=1, keepdims=True)
    scores = np.exp(student_norm @ teacher_norm.T / tau)
    attention = scores / scores.sum(axis=1, keepdims=True)
    weighted = attention @ aligned
    local = np.mean((student - weighted) ** 2)
    overall = np.mean(np.abs(student.mean(axis=0) - aligned.mean(axis=0)))
    w1, w2 = np.exp(logits) / np.exp(logits).sum()
    return dict(loss_distill=w1 * local + w2 * overall, distill_local=local, distill_global=overall)


@pytest.mark.parametrize('queries', [1, 2, 7, 60])
@pytest.mark.parametrize('tokens', [1, 2, 49])
def test_dcsd_equals_the_equations_in_float64(queries, tokens):
    torch.manual_seed(queries * 100 + tokens)
    loss = DCSDLoss(embed_dims=16, teacher_dims=40, tau=2.0, term_weights=(0.7, 0.3)).double()
    student = torch.randn(queries, 16, dtype=torch.float64)
    teacher = torch.randn(tokens, 40, dtype=torch.float64)
    linear = loss.teacher_proj.linear
    expected = dcsd(
        student.numpy(),
        teacher.numpy(),
        linear.weight.detach().numpy(),
        linear.bias.detach().numpy(),
        loss.weight_logits.detach().numpy(),
        2.0,
    )
    found = loss(student, teacher)
    for name, value in expected.items():
        assert found[name].item() == pytest.approx(value, rel=1e-9), name
    single = loss.float()(student.float(), teacher.float())
    assert single['loss_distill'].item() == pytest.approx(expected['loss_distill'], rel=1e-5)


def test_attention_has_no_effect_with_a_teacher_of_one_token():
    student, teacher = torch.randn(9, 16), torch.randn(1, 40)
    torch.manual_seed(0)
    warm = DCSDLoss(16, 40, tau=2.0)
    torch.manual_seed(0)
    cold = DCSDLoss(16, 40, tau=0.1)
    torch.testing.assert_close(
        warm(student, teacher)['loss_distill'], cold(student, teacher)['loss_distill']
    )
    grid = torch.randn(49, 40)
    assert warm(student, grid)['loss_distill'] != cold(student, grid)['loss_distill']


@pytest.mark.parametrize('tokens', [1, 49])
def test_dcsd_does_not_depend_on_the_order_of_the_queries(tokens):
    loss = DCSDLoss(16, 40)
    student, teacher = torch.randn(20, 16), torch.randn(tokens, 40)
    shuffled = student[torch.randperm(20)]
    torch.testing.assert_close(
        loss(student, teacher)['loss_distill'], loss(shuffled, teacher)['loss_distill']
    )


def test_gradients_reach_student_projection_and_term_weights_and_never_the_teacher():
    loss = DCSDLoss(16, 40)
    student = torch.randn(8, 16, requires_grad=True)
    teacher = torch.randn(49, 40)
    values = loss(student, teacher)
    values['loss_distill'].backward()
    for tensor in (student, loss.teacher_proj.linear.weight, loss.weight_logits):
        assert tensor.grad.abs().sum() > 0
    assert teacher.grad is None
    assert not any(value.requires_grad for name, value in values.items() if 'loss' not in name)


def test_frozen_term_weights_keep_their_ratio():
    loss = DCSDLoss(16, 40, term_weights=(3, 1), learn_weights=False)
    values = loss(torch.randn(8, 16, requires_grad=True), torch.randn(1, 40))
    values['loss_distill'].backward()
    assert loss.weight_logits.grad is None
    assert values['distill_local_weight'].item() == pytest.approx(0.75)
    expected = 0.75 * values['distill_local'] + 0.25 * values['distill_global']
    torch.testing.assert_close(values['loss_distill'].detach(), expected)


@pytest.mark.parametrize('kind', [DCSDLoss, CLIPDistillLoss])
def test_an_orthogonal_projection_is_frozen_and_keeps_the_teachers_size(kind):
    torch.manual_seed(0)
    loss = kind(256, 1024, teacher_proj='orthogonal')
    weight = loss.teacher_proj.linear.weight
    torch.testing.assert_close(weight @ weight.t(), torch.eye(256), atol=1e-5, rtol=0)
    assert not any(value.requires_grad for value in loss.teacher_proj.parameters())
    for scale in (0.01, 1.0, 100.0):
        teacher = scale * torch.randn(49, 1024)
        size = loss(torch.randn(30, 256), teacher)['teacher_rms'].item()
        # interpolation between tokens averages some of it away
        assert 0.6 < size < 1.2


def test_plain_distillation_pulls_every_row_to_the_projected_teacher():
    loss = CLIPDistillLoss(16, 40)
    student, teacher = torch.randn(5, 16, requires_grad=True), torch.randn(1, 40)
    target = loss.teacher_proj.linear(teacher)
    values = loss(student, teacher)
    torch.testing.assert_close(values['loss_distill'], (student - target).square().mean())
    values['loss_distill'].backward()
    assert student.grad.abs().sum() > 0
    assert loss(target.expand(5, -1), teacher)['loss_distill'].item() == pytest.approx(0)


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match='teacher_dims=512'):
        DCSDLoss(16, 40)(torch.randn(3, 16), torch.randn(1, 512))
    with pytest.raises(ValueError, match='learned, orthogonal'):
        DCSDLoss(16, 40, teacher_proj='linear')
    with pytest.raises(ValueError, match="teacher_proj='learned'"):
        CLIPDistillLoss(64, 40, teacher_proj='orthogonal')
    with pytest.raises(ValueError, match='above 0'):
        DCSDLoss(16, 40, term_weights=(1.0, 0.0))
    with pytest.raises(ValueError, match='temperature'):
        DCSDLoss(16, 40, tau=0.0)
