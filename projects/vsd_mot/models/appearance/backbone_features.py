"""Features that a tracker or detector has of people anyway, as appearance vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import roi_align

from ...engine.safe_loading import load_weights


@MODELS.register_module()
class BackboneFeatures(BaseModule):
    """Describe people by what a tracker's or detector's own backbone makes of their boxes.

    For where no re-identification network was trained. Weak between people: the backbone learned
    what all people have in common.

    Args:
        backbone: Config of the backbone, as in the tracker's config.
        channels: Of the feature map that is read.
        neck: Config of the neck; None: the backbone's own outputs are read.
        level: Which of the outputs; raising it sees more context and fewer details.
        bins: (rows, columns) that a box is divided into; vectors have ``rows * columns *
            channels`` numbers. Raising it tells parts of the body apart, and feels poses more.
        checkpoint: Of the tracker; what it has under ``backbone.`` and ``neck.`` is loaded, as
            data. None: random, for tests.
        mean: Pixel mean in the backbone's channel order.
        std: Pixel standard deviation.
        bgr: Whether the backbone was trained on BGR, as YOLOX was.
        unit: Vectors are divided by it. It should be the usual distance of different people, since
            a distance of 1 is what the config's ``scale`` is for.
    """

    def __init__(
        self,
        backbone: dict,
        *,
        channels: int,
        neck: dict | None = None,
        level: int = 0,
        bins: tuple[int, int] = (2, 1),
        checkpoint: str | None = None,
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
        bgr: bool = False,
        unit: float = 1.0,
    ) -> None:
        super().__init__()
        self.backbone: nn.Module = MODELS.build(backbone)
        self.neck: nn.Module = nn.Identity() if neck is None else MODELS.build(neck)
        self.level = level
        self.bins = bins
        self.embed_dims = channels * bins[0] * bins[1]
        self.bgr = bgr
        self.unit = unit
        self.register_buffer('mean', torch.tensor(mean)[:, None, None], persistent=False)
        self.register_buffer('std', torch.tensor(std)[:, None, None], persistent=False)
        if checkpoint is not None:
            self._load(checkpoint)
        self.requires_grad_(False).eval()

    def _load(self, path: str) -> None:
        content = load_weights(Path(path), map_location='cpu')
        state = content.get('state_dict', content)
        parts = {key: value for key, value in state.items() if key in self.state_dict()}
        try:
            self.load_state_dict(parts)
        except RuntimeError as error:
            raise ValueError(
                f'{path} is of no model with this backbone and neck: give the configs that it was '
                f'trained with. {error}'
            ) from error

    def train(self, mode: bool = True) -> BackboneFeatures:
        """Stay in evaluation mode: the encoder is not trained with the tracker."""
        return super().train(False)

    @torch.no_grad()
    def forward(self, frame: Tensor, boxes: Tensor) -> Tensor:
        """Describe the people of a frame.

        Args:
            frame: ``(3, H, W)`` uint8, RGB.
            boxes: (x1, y1, x2, y2) in pixels of the frame, ``(n, 4)``.

        Returns:
            ``(n, embed_dims)`` float.

        Raises:
            ValueError: The feature map has another number of channels.
        """
        if len(boxes) == 0:
            return self.mean.new_zeros(0, self.embed_dims)
        picture = (frame.flip(0) if self.bgr else frame).float()
        picture = (picture - self.mean) / self.std
        height, width = frame.shape[1:]
        # Strides up to 32: necks add maps of neighbouring levels.
        picture = F.pad(picture, (0, -width % 32, 0, -height % 32))
        features = self.neck(self.backbone(picture[None]))[self.level]
        scale = features.shape[3] / picture.shape[2]
        vectors = roi_align(
            features, [boxes.float()], self.bins, spatial_scale=scale, aligned=True
        ).flatten(1)
        if vectors.shape[1] != self.embed_dims:
            raise ValueError(
                f'output {self.level} has {features.shape[1]} channels, not '
                f'{self.embed_dims // (self.bins[0] * self.bins[1])}: set channels'
            )
        return vectors / self.unit
