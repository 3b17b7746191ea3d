"""Identities as vectors: which object is where in a frame."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

STRIDE, KERNEL = 16, 17


@MODELS.register_module()
class IdentityBank(BaseModule):
    """Turn a label map into identity embeddings at 1/16 and 1/8 (AOT, NeurIPS 2021, section 3.1).

    Each of the ``max_objects`` identities, and the background, is a pattern of a 17 x 17
    convolution. HQTrack's bank for 1/8 has a stride of 16, too, and is enlarged.

    Args:
        max_objects: Number of identities; one network's objects beyond it need another group.
            Raising it follows more objects in one pass; a checkpoint fits its own number alone.
        coarse_channels: Width at 1/16.
        fine_channels: Width at 1/8.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        max_objects: int = 10,
        coarse_channels: int = 256,
        fine_channels: int = 128,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.max_objects = max_objects
        self.coarse = patterns(max_objects + 1, coarse_channels)
        self.fine = patterns(max_objects + 1, fine_channels)
        self.coarse_norm = nn.LayerNorm(coarse_channels)
        self.fine_norm = nn.LayerNorm(fine_channels)
        nn.init.orthogonal_(self.coarse.weight.data.flatten(1), gain=KERNEL**-2)

    def forward(self, identities: Tensor) -> tuple[Tensor, Tensor]:
        """Embed identities.

        Args:
            identities: ``(B, max_objects + 1, H, W)`` float, 1 where the background (channel 0)
                or an object is; see :meth:`one_hot`.

        Returns:
            Tokens at 1/16 ``(B, N, C)`` and at 1/8 ``(B, N', C')``, rows first.
        """
        height, width = identities.shape[-2:]
        coarse = self.coarse_norm(self.coarse(identities).flatten(2).transpose(1, 2))
        fine = self.fine_norm(self.fine(identities).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        fine = F.interpolate(fine, (-(-height // 8), -(-width // 8)), mode='nearest')
        return coarse, fine.flatten(2).transpose(1, 2)

    def one_hot(self, labels: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
        """Channels of a label map; places with another value, such as 255, are in none.

        Args:
            labels: ``(B, H, W)`` integers, 0 the background, 1..max_objects objects.
            dtype: Of the result.

        Returns:
            ``(B, max_objects + 1, H, W)``.
        """
        slots = torch.arange(self.max_objects + 1, device=labels.device, dtype=labels.dtype)
        return (labels[:, None] == slots[:, None, None]).to(dtype)


def patterns(identities: int, channels: int) -> nn.Conv2d:
    """Return the convolution whose weights are one pattern for each identity."""
    return nn.Conv2d(identities, channels, KERNEL, stride=STRIDE, padding=KERNEL // 2)
