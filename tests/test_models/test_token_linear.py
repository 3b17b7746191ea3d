"""Token-wise linear layers: the way at inference gives what the way in training gives."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from vsd_mot.models import token_linear
from vsd_mot.models.token_linear import TokenLinear, feed_forward, product


class Operators(TorchDispatchMode):
    """Notes which operators run."""

    def __enter__(self):
        self.names = []
        return super().__enter__()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.names.append(func.name())
        return func(*args, **(kwargs or {}))


def onednn_ran(operators: Operators) -> bool:
    return any(name.startswith('mkldnn::') for name in operators.names)


@pytest.fixture
def layer():
    torch.manual_seed(0)
    return TokenLinear(24, 40)


@pytest.mark.parametrize('shape', [(24,), (7, 24), (2, 7, 24), (0, 24), (2, 0, 24)])
def test_inference_equals_training(layer, shape):
    x = torch.randn(shape)
    for call in (layer, layer.relu, layer.gelu):
        expected = call(x)
        with torch.no_grad(), Operators() as operators:
            output = call(x)
        assert onednn_ran(operators) == (x.numel() > 0 and torch.backends.mkldnn.is_available())
        torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    assert layer.relu(x).requires_grad


def test_input_that_is_not_contiguous(layer):
    x = torch.randn(2, 24, 7).transpose(1, 2)
    with torch.no_grad():
        torch.testing.assert_close(
            layer(x), torch.nn.functional.linear(x, layer.weight, layer.bias)
        )


def test_other_precisions_and_the_plain_form_are_torchs(layer):
    x = torch.randn(3, 24)
    with torch.no_grad(), Operators() as operators:
        assert layer.double()(x.double()).dtype == torch.float64
        layer.float()
        with torch.autocast('cpu', torch.bfloat16):
            assert layer.relu(x).dtype == torch.bfloat16
        layer.plain = True
        assert layer(x).dtype == torch.float32
    assert not onednn_ran(operators)


@pytest.mark.parametrize('batch', [1, 3])
def test_products_of_matrices(batch):
    rows, columns = torch.randn(batch, 5, 8), torch.randn(batch, 7, 8)
    expected = torch.einsum('bnc,bmc->bnm', rows, columns)
    torch.testing.assert_close(product(rows.requires_grad_(), columns), expected)
    assert product(rows, columns).requires_grad
    with torch.no_grad(), Operators() as operators:
        torch.testing.assert_close(product(rows, columns), expected)
    assert onednn_ran(operators) == torch.backends.mkldnn.is_available()


@pytest.mark.parametrize('activation', ['relu', 'gelu'])
def test_feed_forward_in_chunks(layer, monkeypatch, activation):
    second = TokenLinear(40, 24)
    x = torch.randn(2, 11, 24)
    act = getattr(torch.nn.functional, activation)
    expected = feed_forward(x, layer, second, activation=activation)
    torch.testing.assert_close(expected, second(act(layer(x))))
    monkeypatch.setattr(token_linear, 'CHUNK_TOKENS', 4)
    with torch.no_grad(), Operators() as operators:
        output = feed_forward(x, layer, second, activation=activation)
    assert output.shape == x.shape
    assert sum(name == 'aten::cat' for name in operators.names) == 1
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    learning = feed_forward(x, layer, second, activation=activation)
    gradient = torch.autograd.grad(learning.sum(), layer.weight)[0]
    reference = torch.autograd.grad(second(act(layer(x))).sum(), layer.weight)[0]
    torch.testing.assert_close(gradient, reference)


def test_state_dict_is_a_linear_layers(layer):
    torch.nn.Linear(24, 40).load_state_dict(layer.state_dict())
