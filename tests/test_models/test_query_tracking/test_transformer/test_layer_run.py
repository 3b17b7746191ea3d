"""A layer that is recomputed in the backward pass says the same, and keeps less."""

import torch
from torch import nn

from vsd_mot.models.query_tracking.transformer.layer_run import run_layer


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(8, 64), nn.Linear(64, 8)
        self.runs = 0

    def forward(self, tokens, *, positions):
        self.runs += 1
        return tokens + self.second(self.first(tokens + positions).relu())


def run(layer, *, with_cp):
    """Output, gradients of tokens and weights, and how many numbers were kept for them."""
    torch.manual_seed(1)
    tokens, positions = torch.randn(2, 5, 8, requires_grad=True), torch.randn(1, 5, 8)
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(
        lambda tensor: kept.append(tensor.numel()) or tensor, lambda tensor: tensor
    ):
        output = run_layer(layer, tokens, with_cp=with_cp, positions=positions)
    held = sum(kept)
    wanted = (tokens, layer.first.weight, layer.second.bias)
    return output, torch.autograd.grad(output.square().sum(), wanted), held


def test_recomputing_changes_memory_alone():
    torch.manual_seed(0)
    layer = Layer()
    plain, gradients, held = run(layer, with_cp=False)
    assert layer.runs == 1
    again, recomputed, held_again = run(layer, with_cp=True)
    assert layer.runs == 3
    assert held_again < held
    torch.testing.assert_close(again, plain)
    torch.testing.assert_close(recomputed, gradients)


def test_without_gradients_nothing_is_recomputed():
    layer = Layer()
    with torch.no_grad():
        run_layer(layer, torch.zeros(1, 2, 8), with_cp=True, positions=torch.zeros(1, 2, 8))
    assert layer.runs == 1
