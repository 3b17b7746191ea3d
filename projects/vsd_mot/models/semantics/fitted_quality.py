"""Frame quality whose numbers were fitted so that every degradation lowers it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from mmtrack.registry import MODELS
from torch import Tensor

from ...data_files import read_json_object
from ...errors import ConfigError
from ..description import FrameQualityScore
from .frame_quality import FrameQuality
from .quality_features import feature_names, quality_features

SHIPPED = Path(__file__).with_name('quality_fit.json')


@dataclass
class QualityFit:
    """A perceptron from the F features of a frame to its quality.

    Attributes:
        mean: Of the features, ``(F,)``.
        deviation: Of the features, ``(F,)``.
        hidden: Weights to the hidden units, ``(F, H)``.
        hidden_bias: ``(H,)``.
        output: Weights from them, ``(H,)``.
        output_bias: A number.
    """

    mean: Tensor
    deviation: Tensor
    hidden: Tensor
    hidden_bias: Tensor
    output: Tensor
    output_bias: Tensor

    @classmethod
    def read(cls, path: str | Path) -> QualityFit:
        """Read what ``fit_quality`` has written.

        Raises:
            ConfigError: It is of other features, or of a form that does not fit them.
        """
        data = read_json_object(Path(path), 'features', 'weights')
        names = feature_names()
        if data['features'] != names:
            raise ConfigError(
                f'{path} was fitted for other features than this version measures: fit it again'
            )
        weights = {name: torch.tensor(value) for name, value in data['weights'].items()}
        try:
            fit = cls(**weights)
            fit(torch.zeros(1, len(names)))
        except (TypeError, RuntimeError) as error:
            raise ConfigError(f'{path} does not hold the weights of a fit: {error}') from error
        return fit

    def __call__(self, features: Tensor) -> Tensor:
        """Rate frames: features (B, F) to qualities (B,) in [0, 1]."""
        weights = {name: value.to(features) for name, value in vars(self).items()}
        normed = (features - weights['mean']) / weights['deviation']
        units = torch.tanh(normed @ weights['hidden'] + weights['hidden_bias'])
        return torch.sigmoid(units @ weights['output'] + weights['output_bias'])


@MODELS.register_module()
class FittedFrameQuality(FrameQuality):
    """Quality Q by fitted numbers; clarity, noise and contrast are those of :class:`FrameQuality`.

    :class:`FrameQuality` has a formula with constants chosen by hand, on soft or coarse-grained
    video of which Q may rise with degradation. Here Q comes of a small perceptron on 45 features,
    which was trained to put each of nine degradations, alone and after another one, below what it
    was made of. It has another scale: weights that were trained with the one should keep it.

    Args:
        fit: File of the numbers, written by ``vsd-mot fit-quality``; None takes
            those that are shipped.
        measures: Of :class:`FrameQuality`.
    """

    def __init__(self, *, fit: str | None = None, **measures: Any) -> None:
        super().__init__(**measures)
        # Buffers, to follow the model to a device.
        for name, value in vars(QualityFit.read(fit or SHIPPED)).items():
            self.register_buffer(f'fit_{name}', value, persistent=False)

    @property
    def fit(self) -> QualityFit:
        """The fitted numbers."""
        names = [one.name for one in fields(QualityFit)]
        return QualityFit(**{name: getattr(self, f'fit_{name}') for name in names})

    @torch.no_grad()
    def score(self, images: Tensor) -> FrameQualityScore:
        """Assess a batch of images (B, 3, h, w) uint8 RGB of one size."""
        with torch.autocast(images.device.type, enabled=False):
            quality = self.fit(quality_features(images, self.max_pixels))
        return replace(super().score(images), quality=quality)
