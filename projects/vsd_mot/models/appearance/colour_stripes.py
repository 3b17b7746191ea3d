"""What people wear, by the mean colour of horizontal stripes: an encoder without weights."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor
from torchvision.ops import roi_align


@MODELS.register_module()
class ColourStripes(BaseModule):
    """Describe people by the colours of horizontal stripes of the middle of their boxes.

    A classical description (stripes as in SDALF and LOMO) for sets without a trained encoder, such
    as the synthetic one. Weak where people dress alike, and where the light changes.

    The L2 distance of two vectors is the root mean square difference of their stripes, divided by
    ``unit``.

    Args:
        stripes: How many; raising it tells more clothes apart, and feels poses and cut boxes more.
        middle: Share of the box's width that is looked at; lowering it leaves out background.
        unit: Grey levels, of 255, that count as a distance of 1. On the synthetic set 25 are the
            median between different people, and 16 between boxes of one.
    """

    def __init__(self, stripes: int = 8, middle: float = 0.5, unit: float = 25.0) -> None:
        super().__init__()
        self.stripes = stripes
        self.middle = middle
        self.unit = unit
        self.embed_dims = 3 * stripes

    @torch.no_grad()
    def forward(self, frame: Tensor, boxes: Tensor) -> Tensor:
        """Describe the people of a frame.

        Args:
            frame: ``(3, H, W)`` uint8, RGB.
            boxes: (x1, y1, x2, y2) in pixels of the frame, ``(n, 4)``.

        Returns:
            ``(n, 3 * stripes)`` float.
        """
        margin = (boxes[:, 2] - boxes[:, 0]) * (1 - self.middle) / 2
        middle = torch.stack([boxes[:, 0] + margin, boxes[:, 1], boxes[:, 2] - margin, boxes[:, 3]])
        limits = torch.tensor(frame.shape[:0:-1] * 2, device=boxes.device)[:, None]
        middle = torch.minimum(middle.clamp(min=0), limits).T
        colours = roi_align(
            frame[None].float(),
            [middle.float()],
            (self.stripes, 1),
            sampling_ratio=4,
            aligned=True,
        )
        return (colours.flatten(1) - 128) / (self.unit * self.embed_dims**0.5)
