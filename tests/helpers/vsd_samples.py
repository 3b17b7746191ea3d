"""Encoders, frames and photographs for the tests of VSD-MOT."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import skimage
import torch
from mmtrack.registry import MODELS
from torch import Tensor, nn

from vsd_mot.models.frames import FrameBatch
from vsd_mot.models.semantics import FrameDescription, ImageEncoder, SemanticBranch

# Photographs that come with scikit-image's wheel, so that nothing is downloaded.
PHOTOGRAPHS = (
    'astronaut.png',
    'brick.png',
    'camera.png',
    'chelsea.png',
    'coffee.png',
    'coins.png',
    'grass.png',
    'gravel.png',
    'hubble_deep_field.jpg',
    'ihc.png',
    'moon.png',
    'motorcycle_left.png',
    'rocket.jpg',
)


def photograph(name: str) -> np.ndarray:
    """A photograph, uint8 (h, w, 3) BGR."""
    return cv2.imread(str(Path(skimage.__file__).parent / 'data' / name), cv2.IMREAD_COLOR)


def as_tensor(image: np.ndarray) -> Tensor:
    """BGR (h, w, 3) to RGB (3, h, w), uint8."""
    return torch.from_numpy(np.ascontiguousarray(image[..., ::-1])).permute(2, 0, 1)


def frame_batch(*images: Tensor, padding: int = 0, teacher: list | None = None) -> FrameBatch:
    """Frames (3, h, w) uint8 as a batch, padded to a common size and by so many pixels more."""
    height = max(image.shape[1] for image in images) + padding
    width = max(image.shape[2] for image in images) + padding
    raw = torch.zeros(len(images), 3, height, width, dtype=torch.uint8)
    for row, image in zip(raw, images):
        row[:, : image.shape[1], : image.shape[2]] = image
    sizes = [tuple(image.shape[1:]) for image in images]
    return FrameBatch(images=raw / 255, raw=raw, sizes=sizes, teacher=teacher)


def noise_frame(seed: int, height: int = 48, width: int = 64) -> Tensor:
    """A frame of random bytes, (3, height, width) uint8."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (3, height, width), generator=generator, dtype=torch.uint8)


@MODELS.register_module()
class PatchEncoder(ImageEncoder):
    """A small encoder with a batch norm; counts how many images it was asked about."""

    def __init__(self, dims: int = 24, seed: int = 0, trained: bool = True, **kwargs) -> None:
        super().__init__(size=(16, 16), mean=(0.5,) * 3, std=(0.25,) * 3, **kwargs)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.layers = nn.Sequential(nn.Conv2d(3, dims, 8, stride=8), nn.BatchNorm2d(dims))
        self.dims = dims
        self.trained = trained
        self.seen = 0
        self.freeze()

    @property
    def name(self) -> str:
        return 'patches'

    @property
    def embed_dims(self) -> int:
        return self.dims

    @property
    def has_weights(self) -> bool:
        return self.trained

    def encode(self, images: Tensor) -> Tensor:
        self.seen += len(images)
        tokens = self.layers(images).flatten(2).transpose(1, 2)
        return tokens if self.tokens == 'grid' else tokens.mean(dim=1, keepdim=True)


def vsd_config(**changes) -> dict:
    """Config of a small VSD-MOT branch of width 32; changes replace parts."""
    config = dict(
        type='SemanticBranch',
        source=dict(
            type='StudentEncoder', embed_dims=32, hidden_dims=16, num_heads=2, feedforward_dims=32
        ),
        quality=dict(type='FrameQuality'),
        fusion=dict(type='DSWR'),
        distillation=dict(
            teacher=dict(type='PatchEncoder'),
            loss=dict(type='DCSDLoss', embed_dims=32, teacher_dims=24),
            alpha=0.4,
        ),
    )
    config.update(changes)
    return config


def vsd_branch(**changes) -> SemanticBranch:
    """The branch of ``vsd_config``, the same weights every time, in training mode."""
    torch.manual_seed(0)
    return MODELS.build(vsd_config(**changes)).train()


def contents(count: int, width: int = 32, seed: int = 1) -> Tensor:
    """(count, width) query contents."""
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def describe_one(branch: SemanticBranch, seed: int = 0) -> FrameDescription:
    """The description of one random frame."""
    return branch.describe(frame_batch(noise_frame(seed)))[0]
