"""A frozen image encoder: real frames in, embeddings out."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from torch import Tensor
from torchvision.transforms.v2 import functional as tvf

RESIZE_MODES = ('squash', 'pad', 'center_crop')
TOKEN_MODES = ('global', 'grid')


class ImageEncoder(BaseModule):
    """Base of the encoders that look at a whole frame: CLIP's, timm's, a detection backbone.

    An encoder is frozen and stays in eval mode whatever the mode of the model around it, so its
    batch norms never see the statistics of one image. It takes uint8 RGB frames of any size and
    does the resizing and normalisation its weights were trained with on tensors.

    Args:
        size: (height, width) of the encoder's input in pixels.
        mean: Channel means for values in [0, 1], RGB.
        std: Channel standard deviations for values in [0, 1], RGB.
        resize: How a frame becomes an input. ``squash``: the whole frame, aspect ratio not
            kept. ``pad``: the whole frame, ratio kept, black bars. ``center_crop``: the centre of
            the frame, ratio kept.
        interpolation: 'bicubic' or 'bilinear', antialiased.
        tokens: ``global``: one embedding of the frame. ``grid``: one for each position of
            the last feature map, row by row.

    Raises:
        ValueError: if ``resize`` or ``tokens`` is none of the above.
    """

    def __init__(
        self,
        *,
        size: tuple[int, int],
        mean: Sequence[float],
        std: Sequence[float],
        resize: str = 'squash',
        interpolation: str = 'bicubic',
        tokens: str = 'global',
    ) -> None:
        super().__init__()
        if resize not in RESIZE_MODES:
            raise ValueError(f'resize={resize!r}: choose one of {", ".join(RESIZE_MODES)}')
        if tokens not in TOKEN_MODES:
            raise ValueError(f'tokens={tokens!r}: choose one of {", ".join(TOKEN_MODES)}')
        self.size = (size[0], size[1])
        self.resize = resize
        self.tokens = tokens
        self.interpolation = tvf.InterpolationMode(interpolation)
        self.mean = tuple(float(value) for value in mean)
        self.std = tuple(float(value) for value in std)
        self._fingerprint: str | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """What the encoder is, in words for logs and tables."""

    @property
    @abstractmethod
    def embed_dims(self) -> int:
        """Length D of a token."""

    @abstractmethod
    def encode(self, images: Tensor) -> Tensor:
        """Embed normalised images.

        Args:
            images: (B, 3, *size) float.

        Returns:
            (B, L, D); L is 1 for ``global``.
        """

    def freeze(self) -> None:
        """Take no gradients and stay in eval mode; called when the weights are in place."""
        self.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> ImageEncoder:
        """Stay in eval mode: ``mode`` is ignored."""
        return super().train(False)

    @property
    def has_weights(self) -> bool:
        """Whether trained weights were loaded when the encoder was built."""
        return True

    @property
    def settings(self) -> tuple:
        """What decides, beside the weights, how a frame becomes tokens."""
        preprocessing = (self.size, self.resize, self.interpolation.value, self.mean, self.std)
        return (*preprocessing, self.tokens)

    def fingerprint(self) -> str:
        """Digest of the weights and of everything done to a frame before them.

        Two encoders with one fingerprint give one answer for one frame; the store of teacher
        features is keyed by it.
        """
        if self._fingerprint is None:
            digest = hashlib.sha256()
            digest.update(repr((type(self).__name__, self.name, *self.settings)).encode())
            for key, value in sorted(self.state_dict().items()):
                digest.update(f'{key}{tuple(value.shape)}{value.dtype}'.encode())
                digest.update(value.detach().cpu().contiguous().numpy().tobytes())
            self._fingerprint = digest.hexdigest()[:32]
        return self._fingerprint

    def _load_from_state_dict(self, *args, **kwargs) -> None:
        self._fingerprint = None
        super()._load_from_state_dict(*args, **kwargs)

    def _resized(self, images: Tensor) -> Tensor:
        """(B, 3, h, w) uint8 to (B, 3, *size) uint8."""
        height, width = images.shape[-2:]
        resized = self._interpolated(images, self.scaled_size(height, width))
        return tvf.center_crop(resized, list(self.size))

    def scaled_size(self, height: int, width: int) -> tuple[int, int]:
        """Return the (height, width) that a frame is resized to, before it is cut or padded."""
        if self.resize == 'squash':
            return self.size
        ratios = (height / self.size[0], width / self.size[1])
        ratio = max(ratios) if self.resize == 'pad' else min(ratios)
        # open_clip rounds where it pads and truncates (as torchvision does) where it crops
        convert = round if self.resize == 'pad' else int
        return max(convert(height / ratio + 1e-9), 1), max(convert(width / ratio + 1e-9), 1)

    def _interpolated(self, images: Tensor, shape: Sequence[int]) -> Tensor:
        if tuple(images.shape[-2:]) == tuple(shape):
            return images
        return tvf.resize(images, list(shape), interpolation=self.interpolation, antialias=True)

    def preprocess(self, frames: Sequence[Tensor]) -> Tensor:
        """Resize and normalise frames as the encoder's weights expect.

        Args:
            frames: B uint8 RGB frames (3, h, w) without padding, in any sizes.

        Returns:
            (B, 3, *size) float32.
        """
        for index, frame in enumerate(frames):
            if frame.dtype != torch.uint8 or frame.ndim != 3 or frame.shape[0] != 3:
                raise ValueError(
                    f'{self.name} looks at real frames, uint8 RGB (3, h, w); frame {index} is '
                    f'{frame.dtype} {tuple(frame.shape)}'
                )
        if len({tuple(frame.shape) for frame in frames}) == 1:
            resized = self._resized(torch.stack(list(frames)))
        else:
            resized = torch.cat([self._resized(frame[None]) for frame in frames])
        return self.normalise(resized)

    def normalise(self, resized: Tensor) -> Tensor:
        """Take values in [0, 255] of (B, 3, *size) to what the weights expect, float32."""
        mean = torch.tensor(self.mean, device=resized.device).view(3, 1, 1)
        std = torch.tensor(self.std, device=resized.device).view(3, 1, 1)
        return (resized.float() / 255 - mean) / std

    @torch.no_grad()
    def forward(self, frames: Sequence[Tensor]) -> Tensor:
        """Embed frames as they come from a camera.

        Args:
            frames: B uint8 RGB frames (3, h, w) without padding, in any sizes.

        Returns:
            (B, L, D) float32 tokens, without gradient.
        """
        # full precision whatever runs around it: a stored feature must equal a live one
        with torch.autocast(frames[0].device.type, enabled=False):
            return self.encode(self.preprocess(frames))
