"""A detector with random weights that finds something in any picture."""

import copy
from pathlib import Path

import torch
from mmengine.config import Config, ConfigDict
from mmengine.registry import DefaultScope
from mmtrack.registry import MODELS
from torch import nn

TINY_YOLOX = Path(__file__).parents[2] / 'configs/_base_/detectors/yolox_tiny_synthetic.py'


def detector_config() -> ConfigDict:
    """Config of the tiny YOLOX with fewer channels."""
    detector = Config.fromfile(TINY_YOLOX).detector
    detector.backbone.widen_factor = 0.125
    detector.neck.update(in_channels=[32, 64, 128], out_channels=32)
    detector.bbox_head.update(in_channels=32, feat_channels=32)
    return detector


def random_detector(size: tuple[int, int] = (96, 128), seed: int = 0) -> nn.Module:
    """Build the tiny YOLOX with scores on both sides of the proposals' threshold.

    Args:
        size: Height and width of the frames it is for.
        seed: Another seed, another detector.

    Returns:
        The detector in evaluation mode.
    """
    torch.manual_seed(seed)
    with DefaultScope.overwrite_default_scope('mmtrack'):
        model = MODELS.build(copy.deepcopy(detector_config()))
    head = model.bbox_head
    for convs in (head.multi_level_conv_cls, head.multi_level_conv_obj):
        for conv in convs:
            nn.init.normal_(conv.weight, std=0.5)
            nn.init.constant_(conv.bias, -2.0)
    for conv in head.multi_level_conv_reg:
        nn.init.normal_(conv.weight, std=0.1)
    # Batch norms take their statistics from random pictures, or the boxes' sizes overflow.
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    model.train()
    pictures = nn.functional.interpolate(torch.rand(4, 3, 9, 12), size, mode='bicubic') * 255
    with torch.no_grad():
        for _ in range(3):
            model(pictures, mode='tensor')
    return model.eval()
