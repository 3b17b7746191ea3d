"""Random arguments of deformable sampling."""

import torch

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
    """What a form of the sampling returns, and its gradients for all three arguments."""
    leaves = [tensor.detach().clone().requires_grad_() for tensor in (value, locations, weights)]
    output = form(leaves[0], shapes, locations=leaves[1], weights=leaves[2])
    output.backward(grad)
    return [output.detach(), *(leaf.grad for leaf in leaves)]
