"""Queries through the decoder, layer by layer."""

import pytest
import torch

from transformer_samples import C, maps, transformer_parts

pytestmark = pytest.mark.usefixtures('double_precision')


@pytest.fixture
def parts():
    return transformer_parts()


def test_recomputed_layers_have_the_same_gradients(parts):
    encoder, decoder, head = parts
    features = maps(1)
    gradients = []
    for with_cp in (False, True):
        encoder.with_cp = decoder.with_cp = with_cp
        encoder.zero_grad()
        decoder.zero_grad()
        output = decoder(
            torch.ones(4, C),
            torch.full((4, 4), 0.4),
            features=encoder(features)[0],
            head=head,
        )
        (output.boxes.sum() + output.logits.sum()).backward()
        gradients.append([p.grad.clone() for part in (encoder, decoder) for p in part.parameters()])
    for plain, recomputed in zip(*gradients):
        torch.testing.assert_close(plain, recomputed)


def decode(parts, contents, boxes, **options):
    encoder, decoder, head = parts
    torch.manual_seed(1)
    return decoder(contents, boxes, features=encoder(maps(1))[0], head=head, **options)


def test_the_order_of_queries_does_not_matter(parts):
    contents, boxes = torch.randn(7, C), torch.rand(7, 4)
    order = torch.randperm(7)
    straight = decode(parts, contents, boxes)
    shuffled = decode(parts, contents[order], boxes[order])
    torch.testing.assert_close(shuffled.states, straight.states[order], atol=1e-9, rtol=1e-9)
    torch.testing.assert_close(shuffled.boxes, straight.boxes[:, order], atol=1e-9, rtol=1e-9)


def test_masked_queries_do_not_change_the_others(parts):
    contents, boxes = torch.randn(5, C), torch.rand(5, 4)
    mask = torch.zeros(5, 5, dtype=torch.bool)
    mask[:3, 3:] = True
    with_extra = decode(parts, contents, boxes, attn_mask=mask)[:3]
    without = decode(parts, contents[:3], boxes[:3])
    torch.testing.assert_close(with_extra.states, without.states, atol=1e-9, rtol=1e-9)


def test_inner_class_branches_are_left_out_on_request(parts):
    contents, boxes = torch.randn(5, C), torch.rand(5, 4)
    full = decode(parts, contents, boxes)
    lean = decode(parts, contents, boxes, inner_classes=False)
    assert full.logits.shape == (3, 5, 1)
    assert torch.equal(lean.logits, full.logits[-1:])
    assert torch.equal(lean.boxes, full.boxes)


def test_no_queries(parts):
    output = decode(parts, torch.empty(0, C), torch.empty(0, 4))
    assert output.boxes.shape == (3, 0, 4)
    assert output.logits.shape == (3, 0, 1)


def test_a_box_is_the_next_layers_reference_without_its_gradient(parts):
    boxes = torch.rand(4, 4, requires_grad=True)
    output = decode(parts, torch.randn(4, C), boxes)
    first = torch.autograd.grad(output.boxes[0].sum(), boxes, retain_graph=True)[0]
    assert first.abs().sum() > 0
    # Were the reference attached, the first layer's box branch would feel the last layer's boxes.
    branch = parts[2].reg_branches[0][-1].weight
    later = torch.autograd.grad(output.boxes[-1].sum(), branch)[0]
    assert not later.any()
