"""Queries that look for objects: a few learned ones, and one for each proposal."""

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import nn

from ...frames import Proposals
from ..transformer import sine_embedding
from .query_set import QuerySet


@MODELS.register_module()
class ProposalQueries(BaseModule):
    """The detection queries of a frame (MOTRv2, section 3.3).

    In this order: ``num_queries`` learned queries with learned reference boxes, then a query
    for each proposal: its reference box is the proposal's box, its content the sine embedding
    of the proposal's confidence plus one learned vector.

    Args:
        num_queries: Learned queries; they find what the detector missed. Raising it costs time in
            every frame.
        embed_dims: Width C.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self, num_queries: int = 10, embed_dims: int = 256, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        self.embed_dims = embed_dims
        self.query_embed = nn.Embedding(num_queries, embed_dims)
        self.position = nn.Embedding(num_queries, 4)
        self.proposal_embed = nn.Embedding(1, embed_dims)

    def init_weights(self) -> None:
        """Contents from N(0, 1), reference boxes uniform in the unit cube, as published."""
        super().init_weights()
        nn.init.uniform_(self.position.weight)

    def forward(self, proposals: Proposals) -> QuerySet:
        """Make the detection queries of a frame with P proposals, P = 0 included.

        Args:
            proposals: The detector's boxes in the frame.

        Returns:
            ``num_queries`` + P queries without identity.
        """
        confidence = sine_embedding(proposals.scores, self.embed_dims)
        contents = confidence + self.proposal_embed.weight
        return QuerySet.fresh(
            torch.cat((self.position.weight, proposals.boxes.to(self.position.weight))),
            torch.cat((self.query_embed.weight, contents)),
        )
