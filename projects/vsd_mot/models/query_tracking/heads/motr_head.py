"""Class and box branches, one pair for each decoder layer."""

from __future__ import annotations

import math

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..transformer import full_precision

SMALLEST_SIZE = 1e-5


def inverse_sigmoid(x: Tensor, eps: float = 1e-5) -> Tensor:
    """Logit of ``x`` clamped to [0, 1], with both sides of the ratio at least ``eps``."""
    x = x.clamp(0, 1)
    return torch.log(x.clamp(min=eps) / (1 - x).clamp(min=eps))


class BoxBranch(nn.Sequential):
    """Three-layer MLP from a hidden state to four offsets.

    Args:
        embed_dims: Width C.
    """

    def __init__(self, embed_dims: int) -> None:
        super().__init__(
            nn.Linear(embed_dims, embed_dims),
            nn.ReLU(),
            nn.Linear(embed_dims, embed_dims),
            nn.ReLU(),
            nn.Linear(embed_dims, 4),
        )


@MODELS.register_module()
class MOTRHead(BaseModule):
    """Class logits by a linear layer, box refinement by a 3-layer MLP, for each layer.

    Args:
        num_layers: Decoder layers, equal to the decoder's.
        embed_dims: Width C.
        num_classes: Object classes.
        prior_prob: Score that a fresh class branch gives. Raising it makes more queries compete at
            the start, whose class loss then begins larger.
        initial_size_bias: What a fresh first box branch adds to the logits of width and height
            (with ``relative`` to their logarithms); the published code's -2 suits learned reference
            boxes, 0 suits proposals. Raising it begins with larger boxes.
        relative: Boxes move as R-CNN's do, centres by shares of the reference's size and sizes by
            factors, so that equal errors ask for equal answers wherever the reference lies and
            however large it is. As published, all four move in inverse-sigmoid space, and stay
            within the frame.
        max_growth: With ``relative``, the largest logarithm of what a layer multiplies a box's size
            by. Chosen above all that jitter and movement need; raising it risks an overflow.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        num_layers: int = 6,
        embed_dims: int = 256,
        num_classes: int = 1,
        prior_prob: float = 0.01,
        initial_size_bias: float = -2.0,
        relative: bool = False,
        max_growth: float = 2.0,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.num_classes = num_classes
        self.prior_prob = prior_prob
        self.initial_size_bias = initial_size_bias
        self.relative = relative
        self.max_growth = max_growth
        self.cls_branches = nn.ModuleList(
            nn.Linear(embed_dims, num_classes) for _ in range(num_layers)
        )
        self.reg_branches = nn.ModuleList(BoxBranch(embed_dims) for _ in range(num_layers))

    def init_weights(self) -> None:
        """Class bias from the prior; boxes start as their references, but for the first size."""
        super().init_weights()
        prior_logit = -math.log((1 - self.prior_prob) / self.prior_prob)
        for branch in self.cls_branches:
            nn.init.constant_(branch.get_parameter('bias'), prior_logit)
        for branch in self.reg_branches:
            nn.init.zeros_(branch.get_parameter('4.weight'))
            nn.init.zeros_(branch.get_parameter('4.bias'))
        first_bias = self.reg_branches[0].get_parameter('4.bias')
        nn.init.constant_(first_bias[2:], self.initial_size_bias)

    def classify(self, layer: int, states: Tensor) -> Tensor:
        """Return logits ``(..., n, classes)``, at least float32, of states ``(..., n, C)``."""
        return full_precision(self.cls_branches[layer](states))

    def refine(self, layer: int, states: Tensor, references: Tensor) -> Tensor:
        """Move reference boxes by what a layer's states say.

        Args:
            layer: Index of the decoder layer.
            states: Its hidden states, ``(..., n, C)``.
            references: Normalised boxes (cx, cy, w, h), ``(..., n, 4)``.

        Returns:
            Normalised boxes (cx, cy, w, h), at least float32, ``(..., n, 4)``; relative ones may
            reach beyond the frame.
        """
        offsets = full_precision(self.reg_branches[layer](states))
        if self.relative:
            centres, sizes = full_precision(references).split(2, dim=-1)
            # Learned references may have learned to have none.
            sizes = sizes.clamp(min=SMALLEST_SIZE)
            shifts, growths = offsets.split(2, dim=-1)
            growths = growths.clamp(-self.max_growth, self.max_growth)
            return torch.cat((centres + shifts * sizes, sizes * growths.exp()), dim=-1)
        return (offsets + inverse_sigmoid(full_precision(references))).sigmoid()
