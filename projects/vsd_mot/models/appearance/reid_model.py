"""Any re-identification model of MMTracking as an appearance encoder."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from mmengine.config import ConfigDict
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor

from ...engine.weights import load_checkpoint
from .crops import crop_people


@MODELS.register_module()
class ReIDModel(BaseModule):
    """Describe people by a ReID model of MMTracking (``BaseReID``, MMClassification's parts).

    Args:
        model: Config of the model, with its ``head``.
        embed_dims: Width of its vectors: ``out_channels`` of the head.
        checkpoint: Its weights, loaded strictly as data; None: random, for tests.
        size: (height, width) of its pictures.
        mean: Pixel mean, RGB.
        std: Pixel standard deviation, RGB.
        batch_size: Crops at once.
    """

    def __init__(
        self,
        *,
        model: dict,
        embed_dims: int,
        checkpoint: str | None = None,
        size: tuple[int, int] = (256, 128),
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
        batch_size: int = 64,
    ) -> None:
        super().__init__()
        config = ConfigDict(copy.deepcopy(dict(model)))
        config.pop('data_preprocessor', None)
        self.model = MODELS.build(config)
        self.embed_dims = embed_dims
        height, width = size
        self.size = (height, width)
        self.batch_size = batch_size
        self.register_buffer('mean', torch.tensor(mean)[:, None, None], persistent=False)
        self.register_buffer('std', torch.tensor(std)[:, None, None], persistent=False)
        if checkpoint is not None:
            load_checkpoint(self.model, checkpoint)
        self.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> ReIDModel:
        """Stay in evaluation mode: the encoder is not trained with the tracker."""
        return super().train(False)

    @torch.no_grad()
    def forward(self, frame: Tensor, boxes: Tensor) -> Tensor:
        """Describe the people of a frame; see :class:`ReIDResNetIBN`."""
        if len(boxes) == 0:
            return self.mean.new_zeros(0, self.embed_dims)
        parts = []
        for part in boxes.split(self.batch_size):
            pictures = (crop_people(frame, part, self.size) - self.mean) / self.std
            parts.append(self.model(pictures, mode='tensor'))
        return torch.cat(parts)
