"""Backbones: an image to feature maps."""

from .folded_resnet import FoldedResNet

__all__ = ['FoldedResNet']
