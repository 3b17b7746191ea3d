"""ResNet50-IBN with a BN neck: fast-reid's "bag of tricks" for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torchvision.models.resnet import Bottleneck, ResNet

from ...engine.safe_loading import load_weights
from .crops import crop_people

_NECKS = ('heads.bottleneck.0.', 'heads.bnneck.')
_DROPPED = ('heads.weight', 'heads.classifier.', 'pixel_mean', 'pixel_std')


class InstanceBatchNorm(nn.Module):
    """Instance normalisation of the first half of the channels, batch normalisation of the rest.

    Args:
        channels: Number of channels, even.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.IN = nn.InstanceNorm2d(half, affine=True)
        self.BN = nn.BatchNorm2d(channels - half)

    def forward(self, features: Tensor) -> Tensor:
        """Normalise ``(n, C, h, w)``."""
        first, second = features.split([self.IN.num_features, self.BN.num_features], dim=1)
        return torch.cat([self.IN(first.contiguous()), self.BN(second.contiguous())], dim=1)


def _backbone() -> ResNet:
    """Torchvision's ResNet50 with the differences of SPEC 2.3, without its classifier."""
    net = ResNet(Bottleneck, [3, 4, 6, 3])
    net.maxpool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
    for stage in (net.layer1, net.layer2, net.layer3):
        for block in stage:
            block.bn1 = InstanceBatchNorm(block.conv1.out_channels)
    net.layer4[0].conv2.stride = net.layer4[0].downsample[0].stride = (1, 1)
    net.fc = nn.Identity()
    return net


@MODELS.register_module()
class ReIDResNetIBN(BaseModule):
    """Describe people by the features of fast-reid's ResNet50-IBN (2048 numbers, not normalised).

    Args:
        checkpoint: fast-reid's published weights (``msmt_bot_R50-ibn.pth``), loaded as data;
            None: the weights come with those of the model around it, or are random.
        batch_size: Crops at once.
        normalize: Bring vectors to unit length. Published: off.
    """

    embed_dims = 2048
    size = (256, 128)

    def __init__(
        self, checkpoint: str | None = None, batch_size: int = 64, *, normalize: bool = False
    ) -> None:
        super().__init__()
        self.backbone = _backbone()
        self.neck = nn.BatchNorm2d(self.embed_dims)
        self.batch_size = batch_size
        self.normalize = normalize
        mean = 255 * torch.tensor([0.485, 0.456, 0.406])
        std = 255 * torch.tensor([0.229, 0.224, 0.225])
        self.register_buffer('mean', mean[:, None, None], persistent=False)
        self.register_buffer('std', std[:, None, None], persistent=False)
        if checkpoint is not None:
            self.load_published(load_weights(Path(checkpoint), map_location='cpu'), checkpoint)
        self.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> ReIDResNetIBN:
        """Stay in evaluation mode: the encoder is not trained with the tracker."""
        return super().train(False)

    def load_published(self, state: Mapping, source: str = 'the checkpoint') -> None:
        """Load fast-reid's names.

        Args:
            state: State dict, or a checkpoint with one under ``model`` or ``state_dict``.
            source: Named in the error.

        Raises:
            ValueError: If they are not those of a ResNet50-IBN with a BN neck.
        """
        state = state.get('model', state.get('state_dict', state))
        renamed = {}
        for key, value in state.items():
            if key.startswith(_DROPPED):
                continue
            for neck in _NECKS:
                key = key.replace(neck, 'neck.') if key.startswith(neck) else key
            renamed[key] = torch.as_tensor(value)
        try:
            self.load_state_dict(renamed)
        except RuntimeError as error:
            raise ValueError(
                f'{source} does not hold a ResNet50-IBN with a BN neck (fast-reid\'s "BoT '
                f'R50-ibn"): {error}'
            ) from error

    def embed(self, pictures: Tensor) -> Tensor:
        """Describe pictures ``(n, 3, 256, 128)``, RGB, 0 to 255: ``(n, 2048)``."""
        net = self.backbone
        x = net.maxpool(net.relu(net.bn1(net.conv1((pictures - self.mean) / self.std))))
        x = net.layer4(net.layer3(net.layer2(net.layer1(x))))
        vectors = self.neck(x.mean(dim=(2, 3), keepdim=True))[:, :, 0, 0]
        return nn.functional.normalize(vectors) if self.normalize else vectors

    @torch.no_grad()
    def forward(self, frame: Tensor, boxes: Tensor) -> Tensor:
        """Describe the people of a frame.

        Args:
            frame: ``(3, H, W)`` uint8, RGB.
            boxes: (x1, y1, x2, y2) in pixels of the frame, ``(n, 4)``.

        Returns:
            ``(n, 2048)`` float.
        """
        if len(boxes) == 0:
            return self.mean.new_zeros(0, self.embed_dims)
        parts = [crop_people(frame, part, self.size) for part in boxes.split(self.batch_size)]
        return torch.cat([self.embed(part) for part in parts])
