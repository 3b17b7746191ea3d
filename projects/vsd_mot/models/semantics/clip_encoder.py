"""CLIP's image encoder, through open_clip: the teacher of VSD-MOT, a branch of VSE-MOT."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import TypeAlias

import open_clip
from mmtrack.registry import MODELS
from open_clip.modified_resnet import AttentionPool2d, ModifiedResNet
from open_clip.timm_model import TimmModel
from open_clip.transformer import VisionTransformer
from torch import Tensor

from ...engine.safe_loading import load_weights
from ...engine.torchscript_weights import is_torchscript, torchscript_weights
from .image_encoder import ImageEncoder

# The visual tower alone is wanted: the smallest text tower open_clip builds is thrown away.
_NO_TEXT = dict(context_length=1, vocab_size=1, width=8, heads=1, layers=1)


VisualTower: TypeAlias = 'ModifiedResNet | VisionTransformer | TimmModel'


@MODELS.register_module()
class CLIPEncoder(ImageEncoder):
    """Frozen visual tower of an open_clip model.

    ``grid`` tokens are in the space of the global embedding. A modified ResNet's (RN50: 49 tokens
    of 1024) are the values of its attention pool, each position projected by itself: the global
    embedding is the attention's mixture of just these. A ViT's are its patch tokens through the
    last norm and the projection.

    Args:
        model: Name of an open_clip model.
        pretrained: A tag of open_clip ('openai'), whose weights open_clip downloads
            and keeps, or a local weights file: open_clip's, OpenAI's archive, or the visual tower
            alone. None: the weights come with the checkpoint of the model around the encoder.
        cache_dir: Where open_clip keeps downloads; None is open_clip's own place.
        resize: 'squash', 'pad' or 'center_crop' (what CLIP was trained with).
            Defaults to 'squash', so that nothing at the sides of a wide frame is cut off.
        tokens: 'global' or 'grid'.
        mean: Means in [0, 1]; None: as the tag says, or OpenAI's.
        std: Standard deviations, likewise.

    Raises:
        ValueError: if the model or the tag is unknown, or it has no grid.
        RuntimeError: if the weights cannot be had.
    """

    def __init__(
        self,
        model: str = 'RN50',
        pretrained: str | None = 'openai',
        *,
        cache_dir: str | None = None,
        resize: str = 'squash',
        tokens: str = 'global',
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
    ) -> None:
        if open_clip.get_model_config(model) is None:
            raise ValueError(
                f'open_clip has no model {model!r}; open_clip.list_models() names what it has'
            )
        tag = {}
        path = None
        if pretrained is not None:
            path = pretrained
            if not _is_file(pretrained):
                tag = open_clip.get_pretrained_cfg(model, pretrained)
                path = _download(model, pretrained, cache_dir)
        visual = _visual_tower(model)
        size = visual.image_size
        super().__init__(
            size=(size, size) if isinstance(size, int) else size,
            mean=mean or tag.get('mean') or open_clip.OPENAI_DATASET_MEAN,
            std=std or tag.get('std') or open_clip.OPENAI_DATASET_STD,
            resize=resize,
            interpolation=tag.get('interpolation') or 'bicubic',
            tokens=tokens,
        )
        if tokens == 'grid' and not isinstance(visual, (ModifiedResNet, VisionTransformer)):
            raise ValueError(
                f"tokens='grid' needs a modified ResNet (RN50, RN101, ...) or an open_clip ViT; "
                f"{model} is neither: use tokens='global'"
            )
        self.visual: VisualTower = visual
        self.model_name = model
        self._has_weights = path is not None
        if path is not None:
            self._load(path)
        self.freeze()

    @property
    def name(self) -> str:
        return f'CLIP {self.model_name}'

    @property
    def has_weights(self) -> bool:
        return self._has_weights

    @property
    def embed_dims(self) -> int:
        return open_clip.get_model_config(self.model_name)['embed_dim']

    def _load(self, path: str) -> None:
        state = _read(path)
        prefix = 'visual.'
        if any(key.startswith(prefix) for key in state):
            state = {k[len(prefix) :]: v for k, v in state.items() if k.startswith(prefix)}
        try:
            self.visual.load_state_dict({key: value.float() for key, value in state.items()})
        except RuntimeError as error:
            raise RuntimeError(
                f'{path} does not hold the visual tower of {self.name}: {error}'
            ) from error

    def encode(self, images: Tensor) -> Tensor:
        if self.tokens == 'global':
            return self.visual(images).unsqueeze(1)
        if isinstance(self.visual, ModifiedResNet):
            maps = self.visual.forward_intermediates(images, indices=1, intermediates_only=True)
            return attention_pool_values(self.visual.attnpool, maps['image_intermediates'][0])
        maps = self.visual.forward_intermediates(
            images,
            indices=1,
            normalize_intermediates=True,
            intermediates_only=True,
            output_fmt='NLC',
        )
        patches = maps['image_intermediates'][0]
        return patches if self.visual.proj is None else patches @ self.visual.proj


def attention_pool_values(pool: AttentionPool2d, features: Tensor) -> Tensor:
    """Return what CLIP's attention pool would answer if it looked at one position only, for each.

    Args:
        pool: The pool of a modified ResNet.
        features: (B, C, h, w) its input.

    Returns:
        (B, h * w, D), row by row.
    """
    positions = features.flatten(2).transpose(1, 2) + pool.positional_embedding[1:]
    return pool.c_proj(pool.v_proj(positions))


def _visual_tower(model: str) -> VisualTower:
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)  # "initialized randomly": the weights are loaded afterwards
    try:
        return open_clip.create_model(
            model, load_weights=False, pretrained_text=False, text_cfg=dict(_NO_TEXT)
        ).visual
    finally:
        logging.disable(disabled)


def _is_file(pretrained: str) -> bool:
    """Tell a path, even of a missing file, from a tag, which has no separator and no suffix."""
    return os.path.isfile(pretrained) or os.sep in pretrained or '.' in pretrained


def _download(model: str, tag: str, cache_dir: str | None) -> str:
    config = open_clip.get_pretrained_cfg(model, tag)
    if not config:
        known = ', '.join(open_clip.list_pretrained_tags_by_model(model)) or 'none'
        raise ValueError(
            f'open_clip has no weights {tag!r} for {model} (it has: {known}), and there is no '
            'such file'
        )
    try:
        return open_clip.download_pretrained(config, cache_dir=cache_dir)
    except Exception as error:  # whatever the network or the hub says, the remedy is one
        raise RuntimeError(
            f'the weights {tag!r} of CLIP {model} cannot be downloaded ({error}). Give a local '
            "file instead: pretrained='path/to/weights.pt' (open_clip's or OpenAI's, whole model "
            'or visual tower)'
        ) from error


def _read(path: str) -> dict[str, Tensor]:
    """State dict of a weights file: safetensors, a plain one, or OpenAI's TorchScript archive."""
    if not os.path.isfile(path):
        raise RuntimeError(
            f'CLIP weights {path} are not there. Put the file in place, or give a tag of open_clip '
            "such as pretrained='openai' on a machine with a network"
        )
    if is_torchscript(path):
        return torchscript_weights(path)
    state = load_weights(path, map_location='cpu')
    state = state.get('state_dict', state)
    return {key.removeprefix('module.'): value for key, value in state.items()}
