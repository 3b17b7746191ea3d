"""From the propagated map to logits of background and objects."""

from __future__ import annotations

from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F


@MODELS.register_module()
class MaskHead(BaseModule):
    """Two convolutions; HQTrack's published FPN decoder is never called and not here.

    Args:
        channels: Width of the propagated map at 1/4.
        max_objects: Number of identities.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self, channels: int = 128, max_objects: int = 10, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.GroupNorm(8, channels)
        self.classifier = nn.Conv2d(channels, max_objects + 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(B, max_objects + 1, h, w)`` of a map ``(B, channels, h, w)``."""
        return self.classifier(F.relu(self.norm(self.conv(x))))
