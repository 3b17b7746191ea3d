"""Teachers other than CLIP: any backbone of the registry, any model of timm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

import timm
from mmengine.runner.checkpoint import CheckpointLoader
from mmtrack.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

from .image_encoder import ImageEncoder


@MODELS.register_module()
class BackboneEncoder(ImageEncoder):
    """A convolutional backbone of MMDetection's registry; its last map is averaged.

    Args:
        backbone: Config of the backbone; without ``init_cfg``.
        weights: Its weights: a local file, a URL, or an address of MMEngine such as
            ``torchvision://resnet50``. None: no trained weights.
        prefix: What the keys of the weights begin with, such as ``backbone.`` in a
            detector's checkpoint.
        embed_dims: Channels of the last map.
        size: (height, width) of the input.
        mean: Pixel means 0..255, RGB. Defaults to ImageNet's.
        std: Pixel standard deviations 0..255, RGB. Defaults to ImageNet's.
        bgr: Whether the backbone was trained on BGR images.
        grid: Positions of ``grid`` tokens, averaged from the map. More of them keep more detail,
            and cost time in the fusion.
        resize: As in ``ImageEncoder``.
        tokens: 'global' or 'grid'.

    Raises:
        RuntimeError: if the weights cannot be had or lack parameters of the backbone.
    """

    def __init__(
        self,
        backbone: dict,
        weights: str | None,
        *,
        prefix: str = '',
        embed_dims: int = 2048,
        size: tuple[int, int] = (224, 224),
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
        bgr: bool = False,
        grid: tuple[int, int] = (7, 7),
        resize: str = 'squash',
        tokens: str = 'global',
    ) -> None:
        super().__init__(
            size=size,
            mean=[value / 255 for value in mean],
            std=[value / 255 for value in std],
            resize=resize,
            interpolation='bilinear',
            tokens=tokens,
        )
        self.backbone = MODELS.build(backbone)
        self.bgr = bgr
        self.grid = (grid[0], grid[1])
        self._embed_dims = embed_dims
        self._has_weights = weights is not None
        if weights is not None:
            self._load(weights, prefix)
        self.freeze()

    def _load(self, weights: str, prefix: str) -> None:
        try:
            state = CheckpointLoader.load_checkpoint(weights, map_location='cpu')
        except Exception as error:  # not there, no network, cut off: the remedy is one
            raise RuntimeError(
                f'the weights of the image encoder, {weights}, cannot be had ({error}). Name a '
                'local file in its config, or with --cfg-options'
            ) from error
        state = state.get('state_dict', state)
        state = {
            key.removeprefix(prefix): value.float()
            for key, value in state.items()
            if key.startswith(prefix)
        }
        missing, _ = self.backbone.load_state_dict(state, strict=False)
        missing = [key for key in missing if not key.endswith('num_batches_tracked')]
        if missing:
            raise RuntimeError(
                f'{weights} lacks {len(missing)} parameters of the {self.name} '
                f'(first: {prefix}{missing[0]}): check prefix and backbone'
            )

    @property
    def name(self) -> str:
        depth = getattr(self.backbone, 'depth', '')
        return f'{type(self.backbone).__name__}{"" if depth == "" else f"-{depth}"}'

    @property
    def has_weights(self) -> bool:
        return self._has_weights

    @property
    def embed_dims(self) -> int:
        return self._embed_dims

    @property
    def settings(self) -> tuple:
        return (*super().settings, self.bgr, self.grid)

    def encode(self, images: Tensor) -> Tensor:
        last = self.backbone(images.flip(1) if self.bgr else images)[-1]
        shape = (1, 1) if self.tokens == 'global' else self.grid
        return F.adaptive_avg_pool2d(last, shape).flatten(2).transpose(1, 2)


class TimmNetwork(Protocol):
    """What the image models of timm offer.

    Attributes:
        num_features: Length D of the embedding.
    """

    num_features: int

    def forward_features(self, images: Tensor) -> Tensor:
        """Return the last map, (B, D, h, w) or (B, h, w, D), or tokens (B, prefix + L, D)."""
        ...

    def forward_head(self, features: Tensor, pre_logits: bool = False) -> Tensor:
        """Pool features to the embedding, (B, D)."""
        ...


@MODELS.register_module()
class TimmEncoder(ImageEncoder):
    """An image model of timm, without its classifier.

    Args:
        model: Name of a timm model, with its tag: 'resnet50.a1_in1k'.
        weights: ``timm``: timm downloads and keeps them. Or a local file. None: no
            trained weights.
        resize: As in ``ImageEncoder``.
        tokens: 'global' or 'grid' (the positions of the last map).

    Raises:
        RuntimeError: if the weights cannot be had.
    """

    def __init__(
        self,
        model: str,
        weights: str | None = 'timm',
        *,
        resize: str = 'squash',
        tokens: str = 'global',
    ) -> None:
        try:
            network = timm.create_model(
                model,
                pretrained=weights == 'timm',
                num_classes=0,
                checkpoint_path='' if weights is None or weights == 'timm' else weights,
            )
        except Exception as error:  # unknown, no network, wrong file: timm's words say which
            raise RuntimeError(
                f'the timm model {model} cannot be had ({error}). With weights that are on this '
                "machine: weights='path/to/file'"
            ) from error
        data = timm.data.resolve_model_data_config(network)
        super().__init__(
            size=data['input_size'][1:],
            mean=data['mean'],
            std=data['std'],
            resize=resize,
            interpolation='bicubic' if data['interpolation'] == 'bicubic' else 'bilinear',
            tokens=tokens,
        )
        # timm declares the models that it builds as modules, of which no more is known.
        self.network = cast(TimmNetwork, network)
        self.model_name = model
        self._has_weights = weights is not None
        self.freeze()

    @property
    def name(self) -> str:
        return f'timm {self.model_name}'

    @property
    def has_weights(self) -> bool:
        return self._has_weights

    @property
    def embed_dims(self) -> int:
        return self.network.num_features

    def encode(self, images: Tensor) -> Tensor:
        features = self.network.forward_features(images)
        if self.tokens == 'global':
            return self.network.forward_head(features, pre_logits=True).unsqueeze(1)
        if features.ndim == 3:  # (B, prefix + L, D) of a ViT
            return features[:, getattr(self.network, 'num_prefix_tokens', 0) :]
        if features.shape[1] == self.embed_dims:  # (B, D, h, w), else (B, h, w, D)
            features = features.permute(0, 2, 3, 1)
        return features.flatten(1, 2)
