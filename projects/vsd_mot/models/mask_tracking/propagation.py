"""Propagation over scales: 1/16 in several layers, 1/8 in one, up to 1/4."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from .frame_size import size_of
from .gated_propagation import GatedPropagation
from .memory_frames import FrameMemory, LayerKeys


@dataclass
class MaskFeatures:
    """An encoded batch of frames.

    Attributes:
        coarse: ``(B, C, h, w)`` at 1/16, projected to the width of the propagation.
        fine: ``(B, C', h', w')`` at 1/8.
        finest: ``(B, C'', h'', w'')`` at 1/4.
    """

    coarse: Tensor
    fine: Tensor
    finest: Tensor

    def __getitem__(self, index: slice) -> MaskFeatures:
        """Return some of the batch's frames."""
        return MaskFeatures(self.coarse[index], self.fine[index], self.finest[index])

    def expand(self, batch: int) -> MaskFeatures:
        """One frame's features as those of a batch of equal frames."""
        parts = (self.coarse, self.fine, self.finest)
        return MaskFeatures(*(part.expand(batch, -1, -1, -1) for part in parts))


@MODELS.register_module()
class MultiScalePropagation(BaseModule):
    """Gated propagation at 1/16 and 1/8 (HQTrack, arXiv 2307.13974, section 2.1).

    Args:
        channels: Width at 1/16.
        fine_channels: Width at 1/8, also that of the encoder's map there.
        finest_channels: Width at 1/4, also that of the encoder's map there.
        num_layers: Layers at 1/16. More of them cost time and memory of every frame that is kept.
        window: Side of the short-term windows in places, odd. A larger window follows faster
            motion, at a cost that grows with its square.
        drop_path: Rate of stochastic depth at 1/16 in training. Raising it regularises more.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        channels: int = 256,
        fine_channels: int = 128,
        finest_channels: int = 64,
        num_layers: int = 3,
        window: int = 15,
        drop_path: float = 0.1,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.layers = nn.ModuleList(
            GatedPropagation(channels, first=number == 0, window=window, drop_path=drop_path)
            for number in range(num_layers)
        )
        self.to_fine = Upscale(num_layers * channels, fine_channels)
        self.fine_layer = GatedPropagation(fine_channels, window=window, drop_path=0.0)
        self.to_finest = Upscale(fine_channels, finest_channels)
        self.norm = nn.GroupNorm(2, 2 * finest_channels)

    def forward(
        self,
        features: MaskFeatures,
        *,
        memory: tuple[FrameMemory, FrameMemory] | None = None,
        embeddings: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, list[LayerKeys]]:
        """Propagate to a batch of frames.

        Args:
            features: Of the frames.
            memory: Long-term and short-term memory to read from.
            embeddings: Instead of it, identities of these very frames at 1/16 and 1/8, from
                :class:`IdentityBank`: a reference pass.

        Returns:
            The map ``(B, 2 * finest_channels, H / 4, W / 4)`` for the head, and the keys of each
            layer for :meth:`remember`.

        Raises:
            ValueError: There is nothing to read from.
        """

        def source(layer: int) -> dict:
            if embeddings is not None:
                return dict(embedding=embeddings[layer == len(self.layers)])
            if memory is None:
                raise ValueError('frames read from memory or from embeddings: give one of them')
            long, short = memory
            return dict(memory=(long[layer], short[layer]))

        size = size_of(features.coarse)
        visual, identity = features.coarse.flatten(2).transpose(1, 2), None
        branches, keys = [], []
        for number, layer in enumerate(self.layers):
            visual, identity, frame_keys = layer(visual, identity, size, **source(number))
            branches.append((visual, identity))
            keys.append(frame_keys)
        maps = [as_map(torch.cat(branch, dim=-1), size) for branch in zip(*branches)]
        maps = self.to_fine(*maps, features.fine)
        size = size_of(features.fine)
        tokens = [branch.flatten(2).transpose(1, 2) for branch in maps]
        frame = self.fine_layer(*tokens, size, **source(len(self.layers)))
        maps = self.to_finest(
            as_map(frame.visual, size), as_map(frame.identity, size), features.finest
        )
        return self.norm(torch.cat(maps, dim=1)), [*keys, frame.keys]

    def remember(self, keys: list[LayerKeys], embeddings: tuple[Tensor, Tensor]) -> FrameMemory:
        """Join the keys of frames with the identities found in them.

        Args:
            keys: Of :meth:`forward`.
            embeddings: At 1/16 and 1/8, from :class:`IdentityBank`.
        """
        layers = (*self.layers, self.fine_layer)
        coarse, fine = embeddings
        embedding_of_layer = [coarse] * len(self.layers) + [fine]
        return [
            layer.remember(frame, embedding)
            for layer, frame, embedding in zip(layers, keys, embedding_of_layer)
        ]


def as_map(tokens: Tensor, size: tuple[int, int]) -> Tensor:
    """``(B, C, H, W)`` of tokens ``(B, H * W, C)``."""
    return tokens.transpose(1, 2).unflatten(2, size)


class Upscale(nn.Module):
    """Bring both branches to the next finer scale, and add the encoder's map there.

    Args:
        channels: Width of both branches.
        out_channels: Width at the finer scale.
    """

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.skip = nn.Conv2d(out_channels, out_channels, 1)
        self.visual = Branch(channels, out_channels)
        self.identity = Branch(channels, out_channels)

    def forward(self, visual: Tensor, identity: Tensor, encoded: Tensor) -> tuple[Tensor, Tensor]:
        """Both branches ``(B, C, h, w)`` at the size of the encoder's map ``(B, C', H, W)``."""
        skip = self.skip(encoded)
        return self.visual(visual, skip), self.identity(identity, skip)


class Branch(nn.Module):
    """One branch's way to the finer scale."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, out_channels, 1)
        self.norm = nn.GroupNorm(8, out_channels)
        self.blocks = nn.Sequential(Residual(out_channels), Residual(out_channels))

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = F.relu(self.norm(self.conv(x)))
        x = F.interpolate(x, skip.shape[-2:], mode='bilinear', align_corners=True)
        return F.relu(self.blocks(x + skip))


class Residual(nn.Module):
    """Two 3 x 3 convolutions around which the input passes."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm1 = nn.GroupNorm(8, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(8, channels)

    def forward(self, x: Tensor) -> Tensor:
        inner = F.relu(self.norm1(self.conv1(F.relu(x))))
        return x + self.norm2(self.conv2(inner))
