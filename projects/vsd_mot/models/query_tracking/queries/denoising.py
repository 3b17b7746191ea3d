"""Query denoising: objects' jittered boxes as extra queries in training."""

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class QueryDenoising(BaseModule):
    """Asks the decoder to undo a jitter of the ground truth (MOTRv2's ``query_denoise``).

    The jittered boxes are appended to the frame's queries, all with one learned content. The
    frame's own queries do not attend to them, and they get box losses only.

    Args:
        box_noise: Largest shift of the centre, and largest change of the size, as a share of
            the size. Raising it makes the task harder; towards 1 boxes of neighbours mix.
        groups: How many jittered boxes each object gets; more train faster and cost memory.
            Groups do not attend to each other: the mean of an object's boxes would be the answer
            (DN-DETR). The published code has 1.
        embed_dims: Width C.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        box_noise: float = 0.05,
        embed_dims: int = 256,
        groups: int = 1,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.box_noise = box_noise
        self.groups = groups
        self.content = nn.Embedding(1, embed_dims)

    def forward(self, boxes: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Make the queries for a frame's objects.

        Args:
            boxes: Normalised boxes (cx, cy, w, h) of the M objects, ``(M, 4)``.
            noise: Numbers in [0, 1), ``(groups * M, 4)``, to be used instead of drawn ones.

        Returns:
            Reference boxes ``(groups * M, 4)``, group by group, and contents
            ``(groups * M, C)``.
        """
        boxes = boxes.repeat(self.groups, 1)
        noise = torch.rand_like(boxes) if noise is None else noise
        shift = (noise * 2 - 1) * self.box_noise
        centres = boxes[:, :2] + boxes[:, 2:] * shift[:, :2]
        sizes = boxes[:, 2:] * (1 + shift[:, 2:])
        return torch.cat((centres, sizes), dim=1), self.content.weight.expand(len(boxes), -1)

    def attention_mask(self, num_queries: int, num_objects: int, device: torch.device) -> Tensor:
        """Return the ``(n, n)`` mask, True where a row may not attend to a column.

        Queries do not attend to jittered boxes; jittered boxes attend to all but other groups.
        """
        group = torch.arange(self.groups, device=device).repeat_interleave(num_objects)
        group = torch.cat((group.new_full((num_queries,), -1), group))
        return (group[None] >= 0) & (group[None] != group[:, None])
