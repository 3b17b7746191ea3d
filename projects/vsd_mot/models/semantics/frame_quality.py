"""Frame Quality Assessment: how much of a frame can be trusted, without a reference."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor

from ..description import FrameQualityScore
from ..frames import FrameBatch, cut_padding, take
from .quality_measures import (
    blockiness,
    flat_energies,
    grey_strips,
    haar_blocks,
    information,
    noise_variance,
)


@MODELS.register_module()
class FrameQuality(BaseModule):
    """Quality Q of a frame and its three components (VSD-MOT section III-C).

    The paper names clarity (variance of the Laplacian), noise (high-frequency content) and
    contrast (standard deviation). Taken literally, clarity rises with noise and with the block
    edges of JPEG. Here all three come from one Haar transform of four octaves, and noise is
    separated from structure before either is measured:

    - **noise**: in the flattest blocks, the diagonal energy that does not grow from one octave to
      the next as structure does. Reported as freedom from noise, ``1 / (1 + (sigma / 12)^2)``.
    - **clarity**: information of the fine bands in bits, ``log2(1 + S / (N + visible))``, where
      N is the noise and S the energy above it; less the steps at JPEG's grid.
    - **contrast**: ``std / (std + 30)`` of the grey values.

    ``Q = sqrt(clarity * noise * contrast)``: each of them can spoil a frame by itself.

    It has no parameters, runs on the device of the frames, without waiting for it, and looks at
    the frame before normalisation and without padding.

    Source of the defaults: the paper gives no numbers. They were fitted by hand on the photographs
    that come with scikit-image, so that Q falls with every step of blur, noise, JPEG, contrast,
    light and down-scaling, and under Real-ESRGAN's degradation; test_frame_quality.py of the tests
    holds them to it. Energies are squares of grey levels 0..255; three numbers are for the three
    finest octaves, finest first.

    Args:
        max_pixels: A larger frame is looked at in strips of blocks, evenly spread, of about this
            many pixels. Raising it takes time and makes Q steadier.
        flat_share: Share of the blocks, the flattest ones, in which noise is measured. Raising it
            takes more texture for noise; lowering it leaves the estimate to few blocks.
        texture_growth: Octave to octave, the diagonal energy of flat blocks of real photographs
            grows by this factor or more; that of white noise does not grow. Noise that was
            enlarged with the picture, filtered or compressed grows in the finest octaves and
            stops growing in the coarser ones. Raising it takes more of the energy for noise.
        clean_energy: Diagonal energy that flat blocks of clean photographs may have and be no
            noise. Raising it overlooks weak noise.
        hidden_noise: Share of the finest diagonal energy that counts as noise in any case: on
            all-over texture (grass) the growth hides weak noise altogether. Raising it lowers the
            quality of finely textured frames.
        visible_energy: Energy that a band needs to hold information: what 8 bits and a display
            leave. Raising it makes faint structure count less.
        edge_weights: Weights of the horizontal and vertical bands in clarity, finest scale first.
            Raising the first makes clarity more sensitive to slight blur.
        diagonal_weights: Weights of the diagonal bands in clarity. Compression and blur take the
            finest diagonals first: raising the first makes clarity more sensitive to both.
        clarity_half: Bits per coefficient at which clarity is 0.5. Raising it lowers clarity.
        noise_half: Standard deviation of the noise, in grey levels, at which freedom from noise
            is 0.5. Raising it forgives noise.
        contrast_half: Standard deviation of the grey values at which contrast is 0.5. Raising it
            lowers contrast.
        blockiness_floor: Relative step at the 8-pixel grid that an uncompressed picture may have
            by chance. Raising it overlooks weak compression.
    """

    def __init__(
        self,
        *,
        max_pixels: int = 1 << 19,
        flat_share: float = 0.15,
        texture_growth: Sequence[float] = (4.0, 3.0, 3.0),
        clean_energy: Sequence[float] = (0.0, 10.0, 40.0),
        hidden_noise: float = 0.1,
        visible_energy: float = 10.0,
        edge_weights: Sequence[float] = (1.0, 0.5, 0.25),
        diagonal_weights: Sequence[float] = (2.0, 1.0, 0.0),
        clarity_half: float = 1.0,
        noise_half: float = 12.0,
        contrast_half: float = 30.0,
        blockiness_floor: float = 0.1,
    ) -> None:
        super().__init__()
        self.max_pixels = max_pixels
        self.flat_share = flat_share
        self.texture_growth = texture_growth
        self.clean_energy = clean_energy
        self.hidden_noise = hidden_noise
        self.visible_energy = visible_energy
        self.edge_weights = edge_weights
        self.diagonal_weights = diagonal_weights
        self.clarity_half = clarity_half
        self.noise_half = noise_half
        self.contrast_half = contrast_half
        self.blockiness_floor = blockiness_floor

    def forward(self, frames: FrameBatch) -> list[FrameQualityScore]:
        """Assess B frames; those of one size together.

        Args:
            frames: The frames; ``raw`` and ``sizes`` are used.

        Returns:
            One for each frame.
        """

        def assess(indices: list[int], size: tuple[int, int]) -> list[FrameQualityScore]:
            images = cut_padding(take(frames.raw, indices), height=size[0], width=size[1])
            scores = self.score(images)
            return [scores.frame(row) for row in range(len(indices))]

        return frames.map_by_size(assess)

    @torch.no_grad()
    def score(self, images: Tensor) -> FrameQualityScore:
        """Assess a batch of images of one size.

        Args:
            images: (B, 3, h, w) uint8 RGB.

        Returns:
            Of (B,) float32 tensors.
        """
        with torch.autocast(images.device.type, enabled=False):
            grey = grey_strips(images, self.max_pixels)
            bands, means = haar_blocks(grey)
            noise = noise_variance(
                flat_energies(bands, means, self.flat_share),
                texture_growth=self.texture_growth,
                clean_energy=self.clean_energy,
                hidden_share=self.hidden_noise,
            )
            edges = [(band.horizontal + band.vertical) / 2 for band in bands[:3]]
            diagonals = [band.diagonal for band in bands[:3]]
            clarity = self.clarity(
                edges=edges, diagonals=diagonals, noise=noise, steps=blockiness(grey)
            )
            freedom = 1 / (1 + noise.amax(dim=1) / self.noise_half**2)
            deviation = grey.flatten(1).std(dim=1, unbiased=False)
            contrast = deviation / (deviation + self.contrast_half)
            quality = (clarity * freedom * contrast).sqrt()
        return FrameQualityScore(quality=quality, clarity=clarity, noise=freedom, contrast=contrast)

    def clarity(
        self, *, edges: list[Tensor], diagonals: list[Tensor], noise: Tensor, steps: Tensor
    ) -> Tensor:
        """Rate the fine structure that is no noise and no block edge, (B,) in [0, 1].

        Args:
            edges: Energy of horizontal and vertical bands, (B, blocks) for each octave.
            diagonals: Energy of the diagonal bands, likewise.
            noise: (B, 3) variance of the noise.
            steps: (B,) steps at JPEG's grid, of :func:`blockiness`.
        """
        visible = self.visible_energy
        bits = information(edges, noise, self.edge_weights, visible_energy=visible)
        bits = bits + information(diagonals, noise, self.diagonal_weights, visible_energy=visible)
        bits = bits / (sum(self.edge_weights) + sum(self.diagonal_weights))
        bits = bits / (1 + (steps - self.blockiness_floor).clamp(min=0))
        return bits / (bits + self.clarity_half)
