"""What training asks of a level: the right edges, and likeness to what people wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

_POOLINGS: dict[str, Callable[[Tensor, int], Tensor]] = dict(
    average=F.adaptive_avg_pool1d, maximum=F.adaptive_max_pool1d
)


@MODELS.register_module()
class FocalEdgeLoss(BaseModule):
    """Focal loss of edges, ``(1 - p)^gamma * BCE``, mean over edges (SPEC 6).

    Args:
        gamma: How much less an edge counts that is right already; raising it stresses hard ones.
        loss_weight: Factor on the loss. Raising it gives the edges more weight beside the
            alignments.
    """

    def __init__(self, gamma: float = 1.0, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.gamma = gamma
        self.loss_weight = loss_weight

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Sum over steps of the mean over edges.

        Args:
            logits: ``(steps, E)``.
            labels: ``(E,)``, 0 or 1.
        """
        cost = F.binary_cross_entropy_with_logits(
            logits, labels.expand_as(logits), reduction='none'
        )
        focus = (1 - torch.exp(-cost)) ** self.gamma
        return self.loss_weight * (focus * cost).mean(dim=1).sum()


@MODELS.register_module()
class TextAlignment(BaseModule):
    """Pull vectors towards text features: ISG with people, SPG with scenes (SPEC 5).

    Both are turned into distributions by a softmax; the loss is the Kullback-Leibler divergence
    from the text's to the vector's.

    Published as it is with ``normalize=False, temperature=1``. Text features of unit length are
    then nearly uniform as distributions, and the loss mostly evens vectors out; a lower
    temperature gives the text contrast.

    Args:
        levels: Levels that it is applied to.
        loss_weight: Factor on the loss. Raising it gives the text more weight beside the edges.
        normalize: Bring text features to unit length before they are pooled.
        temperature: The text features are divided by it; lowering it sharpens the target.
        pooling: How text features come to the width of the vectors, in bins: 'average', as the
            published code has it for scenes, or 'maximum'.
    """

    def __init__(
        self,
        *,
        levels: Sequence[int],
        loss_weight: float = 1.0,
        normalize: bool = False,
        temperature: float = 1.0,
        pooling: str = 'average',
    ) -> None:
        super().__init__()
        if temperature <= 0:
            raise ValueError(f'temperature={temperature}: it has to be above 0')
        if pooling not in _POOLINGS:
            raise ValueError(f'pooling={pooling!r}: it is one of {", ".join(_POOLINGS)}')
        self.pool = _POOLINGS[pooling]
        self.levels = tuple(levels)
        self.loss_weight = loss_weight
        self.normalize = normalize
        self.temperature = temperature

    def target(self, text: Tensor, width: int) -> Tensor:
        """Distributions of text features, pooled to a width: ``(n, K)`` to ``(n, width)``.

        A width of K leaves the features as they are, in bins of K / width otherwise.
        """
        if self.normalize:
            text = F.normalize(text, dim=1)
        pooled = self.pool(text[:, None], width)[:, 0]
        return F.softmax(pooled / self.temperature, dim=1)

    def forward(self, vectors: Tensor, text: Tensor, owner: Tensor | None = None) -> Tensor:
        """Sum over steps of the mean divergence.

        Args:
            vectors: ``(steps, n, C)``.
            text: Text features, ``(m, K)``; a row of NaN is no text, and its vectors do not count.
            owner: Row of ``text`` that each vector belongs to, ``(n,)``; None: they are in order.

        Returns:
            0-dim; 0 where no vector has a text.
        """
        has_text = ~torch.isnan(text).any(dim=1)
        target = self.target(torch.nan_to_num(text), vectors.shape[-1])
        if owner is not None:
            has_text, target = has_text[owner], target[owner]
        if not has_text.any():
            return vectors.sum() * 0
        target = target[has_text]
        log_vectors = F.log_softmax(vectors[:, has_text], dim=2)
        divergence = torch.xlogy(target, target) - target * log_vectors
        return self.loss_weight * divergence.sum() / len(target)
