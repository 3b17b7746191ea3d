import pytest
import torch

from vsd_mot.models.query_tracking.heads import MOTRHead
from vsd_mot.models.query_tracking.heads.motr_head import inverse_sigmoid
from vsd_mot.models.query_tracking.transformer import DeformableDecoder, DeformableEncoder

C = 32
SIZES = dict(embed_dims=C, num_heads=4, num_levels=2, num_points=2, feedforward_channels=64)


@pytest.fixture
def parts():
    torch.manual_seed(0)
    encoder = DeformableEncoder(num_layers=2, **SIZES)
    decoder = DeformableDecoder(num_layers=3, **SIZES)
    head = MOTRHead(num_layers=3, embed_dims=C)
    for part in (encoder, decoder, head):
        part.init_weights()
    for branch in head.reg_branches:
        torch.nn.init.normal_(branch[-1].weight, std=0.1)
    return encoder.eval(), decoder.eval(), head.eval()


def maps(batch: int) -> list[torch.Tensor]:
    return [torch.randn(batch, C, 6, 9), torch.randn(batch, C, 3, 5)]


def test_a_batch_of_frames_is_encoded_as_each_frame_alone(parts):
    encoder = parts[0]
    features = maps(3)
    together = encoder(features)
    for index, frame in enumerate(together):
        alone = encoder([level[index : index + 1] for level in features])[0]
        torch.testing.assert_close(frame.memory, alone.memory, atol=1e-5, rtol=1e-4)
        assert frame.spatial_shapes == [(6, 9), (3, 5)]
        assert frame.memory.shape == (6 * 9 + 3 * 5, C)


def test_recomputed_layers_have_the_same_gradients(parts):
    encoder, decoder, head = parts
    features = maps(1)
    gradients = []
    for with_cp in (False, True):
        encoder.with_cp = decoder.with_cp = with_cp
        encoder.zero_grad()
        decoder.zero_grad()
        output = decoder(torch.ones(4, C), torch.full((4, 4), 0.4), encoder(features)[0], head)
        (output.boxes.sum() + output.logits.sum()).backward()
        gradients.append([p.grad.clone() for part in (encoder, decoder) for p in part.parameters()])
    for plain, recomputed in zip(*gradients):
        torch.testing.assert_close(plain, recomputed)


def decode(parts, contents, boxes, **options):
    encoder, decoder, head = parts
    torch.manual_seed(1)
    return decoder(contents, boxes, encoder(maps(1))[0], head, **options)


def test_the_order_of_queries_does_not_matter(parts):
    contents, boxes = torch.randn(7, C), torch.rand(7, 4)
    order = torch.randperm(7)
    straight = decode(parts, contents, boxes)
    shuffled = decode(parts, contents[order], boxes[order])
    torch.testing.assert_close(shuffled.states, straight.states[order], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(shuffled.boxes, straight.boxes[:, order], atol=1e-5, rtol=1e-4)


def test_masked_queries_do_not_change_the_others(parts):
    contents, boxes = torch.randn(5, C), torch.rand(5, 4)
    mask = torch.zeros(5, 5, dtype=torch.bool)
    mask[:3, 3:] = True
    with_extra = decode(parts, contents, boxes, attn_mask=mask)[:3]
    without = decode(parts, contents[:3], boxes[:3])
    torch.testing.assert_close(with_extra.states, without.states, atol=1e-5, rtol=1e-4)


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


def test_a_fresh_head_gives_the_reference_back():
    head = MOTRHead(num_layers=2, embed_dims=C, initial_size_bias=0.0)
    head.init_weights()
    boxes = torch.tensor([[0.2, 0.3, 0.1, 0.4], [1.01, 0.5, 4e-4, 0.2]])
    refined = head.refine(0, torch.randn(2, C), boxes)
    torch.testing.assert_close(refined[0], boxes[0])
    assert 0.9999 < refined[1, 0] < 1
    assert head.classify(0, torch.zeros(1, C)).sigmoid().item() == pytest.approx(0.01)


def test_inverse_sigmoid_is_the_logit_inside_and_finite_outside():
    x = torch.tensor([0.0, 0.25, 1.0, -0.5, 1.5])
    logit = inverse_sigmoid(x)
    assert logit[1].item() == pytest.approx(-1.0986123)
    assert torch.isfinite(logit).all()
    assert logit[0] == logit[3]
    assert logit[2] == logit[4]


def trained_head() -> MOTRHead:
    """A head whose box branches do something."""
    head = MOTRHead(num_layers=1, embed_dims=C, initial_size_bias=0.0, relative=True)
    head.init_weights()
    torch.nn.init.normal_(head.reg_branches[0][-1].weight, std=0.1)
    return head


def test_relative_boxes_move_with_their_reference():
    """The same state moves a box by the same share of its size, wherever and however large."""
    head, states = trained_head(), torch.randn(6, C)
    boxes = torch.rand(6, 4) * 0.4 + 0.1
    moved = head.refine(0, states, boxes)
    assert not torch.allclose(moved, boxes, atol=1e-3)
    place, scale = torch.tensor([0.3, -0.5]), torch.tensor([0.5, 2.0])
    elsewhere = torch.cat((boxes[:, :2] * scale + place, boxes[:, 2:] * scale), dim=1)
    expected = torch.cat((moved[:, :2] * scale + place, moved[:, 2:] * scale), dim=1)
    torch.testing.assert_close(head.refine(0, states, elsewhere), expected)


def test_a_fresh_relative_head_gives_the_reference_back_outside_of_the_frame_too():
    head = MOTRHead(num_layers=1, embed_dims=C, initial_size_bias=0.0, relative=True)
    head.init_weights()
    boxes = torch.tensor([[0.2, 0.3, 0.1, 0.4], [1.01, -0.5, 4e-4, 0.2]])
    torch.testing.assert_close(head.refine(0, torch.randn(2, C), boxes), boxes)


def test_relative_boxes_stay_finite():
    head = trained_head()
    references = torch.full((50, 4), 0.5)
    references[0, 2:] = torch.tensor([0.0, -0.1])  # a learned one gone astray
    boxes = head.refine(0, 1e6 * torch.randn(50, C), references)
    assert boxes.isfinite().all()
    assert (boxes[:, 2:] > 0).all()
    assert (boxes[:, 2:] < 4).all()
