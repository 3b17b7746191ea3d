"""Projection of the backbone's maps to the transformer's width."""

import torch
from mmdet.models.necks import ChannelMapper
from mmtrack.registry import MODELS
from torch import nn


@MODELS.register_module()
class BiasedChannelMapper(ChannelMapper):
    """mmdet's :class:`ChannelMapper` whose convolutions have a bias before the norm.

    Deformable DETR and all that descends from it keep that bias, and a group norm does not
    cancel it. The arguments are :class:`ChannelMapper`'s.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for module in [*self.convs, *(self.extra_convs or [])]:
            module.conv.bias = nn.Parameter(torch.zeros(module.conv.out_channels))
