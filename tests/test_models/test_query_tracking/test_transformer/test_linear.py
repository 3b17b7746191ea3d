"""Token-wise linear layers: the way at inference gives what the way in training gives."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from vsd_mot.models.query_tracking.transformer import linear
from vsd_mot.models.query_tracking.transformer.linear import TokenLinear, feed_forward


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
    for call in (layer, layer.relu):
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


def test_feed_forward_in_chunks(layer, monkeypatch):
    second = TokenLinear(40, 24)
    x = torch.randn(2, 11, 24)
    expected = feed_forward(x, layer, second)
    torch.testing.assert_close(expected, second(torch.relu(layer(x))))
    monkeypatch.setattr(linear, 'CHUNK_TOKENS', 4)
    with torch.no_grad(), Operators() as operators:
        output = feed_forward(x, layer, second)
    assert output.shape == x.shape
    assert sum(name == 'aten::cat' for name in operators.names) == 1
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    assert feed_forward(x, layer, second).requires_grad
    gradient = torch.autograd.grad(feed_forward(x, layer, second).sum(), layer.weight)[0]
    reference = torch.autograd.grad(second(layer(x).relu()).sum(), layer.weight)[0]
    torch.testing.assert_close(gradient, reference)


def test_state_dict_is_a_linear_layers(layer):
    torch.nn.Linear(24, 40).load_state_dict(layer.state_dict())
