import math

import torch

from vsd_mot.models.query_tracking.queries import ProposalQueries, Proposals, QueryDenoising
from vsd_mot.models.query_tracking.transformer import box_embedding, sine_embedding


def test_learned_queries_come_first_then_proposals_in_their_order():
    make = ProposalQueries(num_queries=3, embed_dims=16)
    proposals = Proposals(torch.rand(2, 4), torch.tensor([0.3, 0.8]))
    queries = make(proposals)
    assert len(queries) == 5
    assert torch.equal(queries.reference_boxes[:3], make.position.weight)
    assert torch.equal(queries.reference_boxes[3:], proposals.boxes)
    expected = sine_embedding(proposals.scores, 16) + make.proposal_embed.weight
    assert torch.equal(queries.contents[3:], expected)


def test_without_proposals_the_learned_queries_remain():
    queries = ProposalQueries(num_queries=3, embed_dims=16)(
        Proposals(torch.empty(0, 4), torch.empty(0))
    )
    assert len(queries) == 3


def test_sine_embedding_against_the_formula():
    value, dims = 0.37, 8
    expected = []
    for i in range(dims):
        angle = value * 2 * math.pi / 10000 ** (2 * (i // 2) / dims)
        expected.append(math.sin(angle) if i % 2 == 0 else math.cos(angle))
    torch.testing.assert_close(
        sine_embedding(torch.tensor([value]), dims)[0], torch.tensor(expected)
    )


def test_box_embedding_has_a_quarter_for_each_coordinate():
    box = torch.tensor([[0.1, 1.2, 0.3, 0.4]])
    embedded = box_embedding(box, 32)
    assert embedded.shape == (1, 32)
    torch.testing.assert_close(embedded[0, 8:16], sine_embedding(box[0, 1], 8))


def test_denoising_jitters_by_at_most_the_noise():
    torch.manual_seed(0)
    boxes = torch.rand(500, 4) * 0.5 + 0.2
    noisy, contents = QueryDenoising(box_noise=0.05, embed_dims=8)(boxes)
    assert contents.shape == (500, 8)
    shift = (noisy[:, :2] - boxes[:, :2]).abs() / boxes[:, 2:]
    growth = (noisy[:, 2:] / boxes[:, 2:] - 1).abs()
    assert 0.045 < shift.max() <= 0.0501
    assert 0.045 < growth.max() <= 0.0501


def test_queries_cannot_see_the_answers_but_the_answers_see_all():
    mask = QueryDenoising(embed_dims=8).attention_mask(2, 3, 'cpu')
    assert mask[:2, 2:].all()
    assert not mask[:2, :2].any()
    assert not mask[2:].any()


def test_groups_of_jittered_boxes_cannot_see_each_other():
    denoising = QueryDenoising(embed_dims=8, groups=2)
    boxes = torch.rand(3, 4)
    noisy, contents = denoising(boxes, torch.full((6, 4), 0.5))
    torch.testing.assert_close(noisy, boxes.repeat(2, 1))
    assert contents.shape == (6, 8)
    mask = denoising.attention_mask(2, 3, 'cpu')
    assert mask[:2, 2:].all()
    assert not mask[:, :2].any()
    assert mask[2:5, 5:].all()
    assert mask[5:, 2:5].all()
    assert not mask[2:5, 2:5].any()
