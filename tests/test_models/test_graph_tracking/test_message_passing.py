"""Messages along time: shapes, direction, and the network on joint vectors."""

import pytest
import torch
from torch import nn

from vsd_mot.models.graph_tracking.message_passing import EdgeMessagePassing, joint, mlp

EDGES = torch.tensor([[0, 1, 0, 2, 1, 2], [1, 0, 2, 0, 2, 1]])


def network(**changes):
    torch.manual_seed(0)
    widths = dict(edge_features=3, node_features=5, node_hidden=8, node_dims=4, edge_dims=6)
    return EdgeMessagePassing(**{**widths, 'steps': 3, **changes}).double()


def inputs():
    torch.manual_seed(1)
    return (torch.randn(3, 5).double(), EDGES, torch.randn(6, 3).double(), torch.randn(6).double())


def test_every_edge_is_scored_from_the_second_step_on():
    nodes, edges, features, level = inputs()
    found = network()(nodes, edges, features, level_vector=level)
    assert found.logits.shape == (2, 6)
    assert found.edges.shape == (2, 6, 6)
    assert found.hidden.shape == (3, 8)
    found.logits.sum().backward()
    with pytest.raises(ValueError, match='from the second step on'):
        network(steps=1)


def test_the_order_of_edges_does_not_matter():
    nodes, edges, features, level = inputs()
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    plain = network()(nodes, edges, features, level_vector=level)
    mixed = network()(nodes, edges[:, order], features[order], level_vector=level)
    torch.testing.assert_close(mixed.logits, plain.logits[:, order])


def test_reversed_time_swaps_past_and_future():
    nodes, edges, features, level = inputs()
    model, mirror = network(), network()
    mirror.from_past, mirror.from_future = model.from_future, model.from_past
    merge = model.merge[0].weight.data
    mirror.merge[0].weight.data = torch.cat(merge.chunk(2, dim=1)[::-1], dim=1)
    forward = model(nodes, edges, features, level_vector=level)
    backward = mirror(nodes.flip(0), 2 - edges, features, level_vector=level)
    torch.testing.assert_close(backward.logits, forward.logits)
    assert not torch.allclose(model(nodes.flip(0), 2 - edges, features, level_vector=level).logits,
                              forward.logits)  # fmt: skip


def test_joint_is_the_network_on_concatenated_vectors():
    torch.manual_seed(0)
    layers = mlp(7, 9, 2).double()
    nodes, edges, rows = torch.randn(4, 5).double(), torch.randn(6, 2).double(), EDGES[0]
    expected = layers(torch.cat((nodes[rows], edges), dim=1))
    torch.testing.assert_close(joint(layers, [(nodes, rows), (edges, None)]), expected)
    with pytest.raises(TypeError, match='the first layer is a ReLU'):
        joint(nn.Sequential(nn.ReLU()), [(edges, None)])
