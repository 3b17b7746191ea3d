"""Learned queries and those of proposals."""

import torch

from vsd_mot.models.query_tracking.queries import ProposalQueries, Proposals
from vsd_mot.models.query_tracking.transformer import sine_embedding


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
