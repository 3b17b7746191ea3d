"""ResNet whose frozen batch norms are part of its convolutions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from mmdet.models.backbones import ResNet
from mmdet.models.backbones.resnet import BasicBlock, Bottleneck
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


@dataclass
class FoldedConv:
    """A convolution with its batch norm folded in.

    Attributes:
        state: Where the data of the weights lies, and how often it was written to.
        weight: Like the convolution's.
        bias: (out_channels,).
    """

    state: tuple[tuple[int, int], ...]
    weight: Tensor
    bias: Tensor


@MODELS.register_module()
class FoldedResNet(ResNet):
    """mmdet's ResNet, computed with each frozen batch norm folded into its convolution.

    ``bn(conv(x, w)) = conv(x, w * s) + (b - m * s)`` with ``s = g / sqrt(v + eps)``: no pass over
    the maps for the norms, and in training half of the activations. Weights, state dict and
    gradients are mmdet's. In training the weights are folded anew in each step; at inference once,
    until one of them changes or ``eval()`` is called. (A write through a weight's ``.data``, as
    MMEngine's EMA does, shows in nothing else; a validation loop calls ``eval()`` after it.) Maps
    are channels-last, the layout in which the encoder reads them.

    Args:
        kwargs: :class:`mmdet.models.backbones.ResNet`'s arguments. ``norm_eval`` must be True.

    Attributes:
        plain: Compute as mmdet does. The benchmark's reference; False otherwise.

    Raises:
        ValueError: Batch norms that are not frozen, or a variant that mmdet builds otherwise.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plain = False
        self._folded: dict[nn.Conv2d, FoldedConv] = {}
        if not self.norm_eval:
            raise ValueError(
                'FoldedResNet needs norm_eval=True: a norm that learns its statistics '
                'cannot be folded. Take mmdet.ResNet'
            )
        convs = [module for module in self.modules() if isinstance(module, nn.Conv2d)]
        norms = [module for module in self.modules() if isinstance(module, nn.BatchNorm2d)]
        if self.deep_stem or self.plugins or len(convs) != len(norms):
            raise ValueError(
                'FoldedResNet folds one BN into each convolution of a ResNet without '
                'deep stem and plugins. Take mmdet.ResNet'
            )

    def train(self, mode: bool = True) -> FoldedResNet:
        """As mmdet's, but returns itself as modules do; what was folded is forgotten."""
        super().train(mode)
        self._folded.clear()
        return self

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute the maps of ``out_indices`` for images ``(B, 3, h, w)``, channels-last."""
        if self.plain:
            return super().forward(x)
        x = x.contiguous(memory_format=torch.channels_last)
        x = self.maxpool(self.convolve(x, self.conv1, self.norm1).relu_())
        outputs = []
        for index, name in enumerate(self.res_layers):
            for block in getattr(self, name):
                if block.with_cp and x.requires_grad:
                    x = checkpoint(self.run_block, block, x, use_reentrant=False)
                else:
                    x = self.run_block(block, x)
            if index in self.out_indices:
                outputs.append(x)
        return tuple(outputs)

    def run_block(self, block: BasicBlock | Bottleneck, x: Tensor) -> Tensor:
        """Compute a residual block."""
        out = self.convolve(x, block.conv1, block.norm1).relu_()
        out = self.convolve(out, block.conv2, block.norm2)
        if isinstance(block, Bottleneck):
            out = self.convolve(out.relu_(), block.conv3, block.norm3)
        if block.downsample is not None:
            conv, norm = block.downsample
            x = self.convolve(x, conv, norm)
        return out.add_(x).relu_()

    def convolve(self, x: Tensor, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
        """Convolution and batch norm in one."""
        if torch.is_grad_enabled() or torch.compiler.is_compiling():
            weight, bias = fold(conv, norm)
        else:
            weight, bias = self._cached(conv, norm)
        return F.conv2d(x, weight, bias, conv.stride, conv.padding, conv.dilation, conv.groups)

    def _cached(self, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
        sources = (conv.weight, norm.weight, norm.bias, *statistics(norm))
        # every change in place counts the version up, every other one moves the data
        state = tuple((tensor.data_ptr(), tensor._version) for tensor in sources)
        cached = self._folded.get(conv)
        if cached is None or cached.state != state:
            weight, bias = fold(conv, norm)
            weight = weight.contiguous(memory_format=torch.channels_last)
            cached = self._folded[conv] = FoldedConv(state, weight, bias)
        return cached.weight, cached.bias


def fold(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Compute weight and bias of one convolution that does both.

    Args:
        conv: Without a bias.
        norm: Its statistics are constants; gradients reach ``conv.weight``, and the norm's weight
            and bias where they want one.

    Returns:
        Weight like the convolution's, bias ``(out_channels,)``.
    """
    mean, variance = statistics(norm)
    scale = norm.weight / (variance + norm.eps).sqrt()
    return conv.weight * scale[:, None, None, None], norm.bias - mean * scale


def statistics(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Return running mean and variance of a batch norm, ``(channels,)`` each.

    Raises:
        ValueError: It keeps none.
    """
    if norm.running_mean is None or norm.running_var is None:
        raise ValueError(
            'FoldedResNet needs batch norms with running statistics: leave out '
            'track_running_stats=False in norm_cfg, or take mmdet.ResNet'
        )
    return norm.running_mean, norm.running_var
