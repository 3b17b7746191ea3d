"""InternImage, cut off as the encoder of HQTrack's segmenter."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import StochasticDepth

from ..token_linear import TokenLinear, feed_forward
from .dcnv3 import DCNv3

EPS = 1e-6


@MODELS.register_module()
class TruncatedInternImage(BaseModule):
    """InternImage whose fourth stage stays at stride 16, as HQTrack uses it.

    The defaults are InternImage-T of HQTrack: the fourth stage has half of the usual channels
    and runs on the third's output without a stride.

    Args:
        depths: Number of blocks of the four stages. More cost time and memory.
        channels: Width of the four stages; the last two are equal.
        groups: Groups of the deformable convolutions; each divides its stage's channels.
        mlp_ratio: Hidden width of the blocks' MLPs, as a multiple of the channels. Raising it costs
            time and memory.
        drop_path: Greatest rate of stochastic depth in training, that of the last block; the
            first has none. Raise it where a larger network overfits.
        init_cfg: mmengine initialisation, e.g. ``dict(type='Pretrained', checkpoint=...)`` with
            what ``tools/model_converters/intern_image.py`` wrote.
    """

    def __init__(
        self,
        *,
        depths: Sequence[int] = (4, 4, 18, 4),
        channels: Sequence[int] = (64, 128, 256, 256),
        groups: Sequence[int] = (4, 8, 16, 32),
        mlp_ratio: float = 4.0,
        drop_path: float = 0.2,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        if not len(depths) == len(channels) == len(groups) == 4 or channels[2] != channels[3]:
            raise ValueError(
                'depths, channels and groups are of four stages, the last two of equal width; '
                f'got {list(depths)}, {list(channels)}, {list(groups)}'
            )
        self.channels = tuple(channels)
        self.stem = Stem(channels[0])
        rates = iter(torch.linspace(0, drop_path, sum(depths)).tolist())
        self.stages = nn.ModuleList(
            Stage(
                [next(rates) for _ in range(depth)],
                channels=width,
                groups=group,
                mlp_ratio=mlp_ratio,
            )
            for depth, width, group in zip(depths, channels, groups)
        )
        self.downsamples = nn.ModuleList(
            Downsample(channels[index], channels[index + 1]) for index in range(2)
        )

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode images.

        Args:
            images: ``(B, 3, H, W)``, normalised RGB; H and W are 16 k + 1.

        Returns:
            Maps ``(B, C, h, w)`` at 1/4, 1/8 (the first two stages) and 1/16 (the fourth).
        """
        x = self.stem(images)
        outputs = []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            outputs.append(x.permute(0, 3, 1, 2))
            if index < len(self.downsamples):
                x = self.downsamples[index](x)
        return outputs[0], outputs[1], outputs[3]


class Stem(nn.Module):
    """Two strided convolutions: ``(B, 3, H, W)`` to ``(B, H / 4, W / 4, C)``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels // 2, 3, stride=2, padding=1)
        self.norm1 = nn.LayerNorm(channels // 2, eps=EPS)
        self.conv2 = nn.Conv2d(channels // 2, channels, 3, stride=2, padding=1)
        self.norm2 = nn.LayerNorm(channels, eps=EPS)

    def forward(self, images: Tensor) -> Tensor:
        x = F.gelu(self.norm1(self.conv1(images).permute(0, 2, 3, 1)))
        return self.norm2(self.conv2(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))


class Downsample(nn.Module):
    """Halve a map ``(B, H, W, C)`` and change its width."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, out_channels, 3, stride=2, padding=1, bias=False)
        self.norm = nn.LayerNorm(out_channels, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))


class Stage(nn.Module):
    """Blocks on one scale, and a norm: ``(B, H, W, C)`` to the same.

    Args:
        rates: Rate of stochastic depth of each block.
        channels: Width.
        groups: Groups of the deformable convolutions.
        mlp_ratio: Hidden width of the MLPs, as a multiple of the channels.
    """

    def __init__(
        self, rates: Sequence[float], *, channels: int, groups: int, mlp_ratio: float
    ) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            *(Block(channels, groups, mlp_ratio, drop_path=rate) for rate in rates)
        )
        self.norm = nn.LayerNorm(channels, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.blocks(x))


class Block(nn.Module):
    """Deformable convolution and MLP with layer scale: ``(B, H, W, C)`` to the same.

    Args:
        channels: Width.
        groups: Groups of the deformable convolution.
        mlp_ratio: Hidden width of the MLP, as a multiple of the channels.
        drop_path: Rate of stochastic depth, per sample.
    """

    def __init__(
        self, channels: int, groups: int, mlp_ratio: float = 4.0, *, drop_path: float = 0.0
    ) -> None:
        super().__init__()
        hidden = int(channels * mlp_ratio)
        self.norm1 = nn.LayerNorm(channels, eps=EPS)
        self.dcn = DCNv3(channels, groups)
        self.norm2 = nn.LayerNorm(channels, eps=EPS)
        self.fc1 = TokenLinear(channels, hidden)
        self.fc2 = TokenLinear(hidden, channels)
        self.scale1 = nn.Parameter(torch.ones(channels))
        self.scale2 = nn.Parameter(torch.ones(channels))
        self.drop_path = StochasticDepth(drop_path, 'row')

    def forward(self, x: Tensor) -> Tensor:
        update = self.drop_path(self.dcn(self.norm1(x)))
        x = torch.addcmul(x, self.scale1, update)
        update = feed_forward(self.norm2(x), self.fc1, self.fc2, activation='gelu')
        return torch.addcmul(x, self.scale2, self.drop_path(update))
