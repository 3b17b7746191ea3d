"""Proposals from the maps that the tracker computes anyway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmdet.structures import DetDataSample
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..frames import FrameBatch, FrameFeatures, Proposals
from .proposal_detector import ProposalDetector


@MODELS.register_module()
class SharedDetector(ProposalDetector):
    """A :class:`ProposalDetector` whose backbone and neck are the tracker's own.

    Where the tracker stands on the frozen backbone and neck of its detector, as the tiny configs
    do, they need not run twice for a frame: the detector's head reads the output of the tracker's
    first neck. Frames must come in a multiple of the detector's ``pad_size_divisor``, as
    :class:`ResizeToMultiple` gives them, normalised as the detector wants them.

    That the maps are the detector's is not believed but tried on the first frame, which goes
    both ways.

    Args:
        tolerance: How far the maps may differ on the first frame, as a share of the largest
            value. The default leaves room for a GPU's TF32 (0.008 was measured) and for bf16; other
            weights or another normalisation differ by far more. Raising it lets a tracker pass
            whose backbone is not the detector's.
        kwargs: See :class:`ProposalDetector`; ``input_scale`` must be None.
    """

    shares_maps = True

    def __init__(self, *args: Any, tolerance: float = 0.05, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.input_scale is not None:
            raise ValueError(
                'SharedDetector sees what the tracker sees: input_scale must be None, or take '
                'ProposalDetector'
            )
        self.tolerance = tolerance
        self.compared = False

    @property
    def network_modules(self) -> Sequence[nn.Module]:
        """The head: what comes before it is the tracker's."""
        return [self.detector.bbox_head]

    @torch.no_grad()
    def forward(
        self, frames: FrameBatch, features: Sequence[FrameFeatures] | None = None
    ) -> list[Proposals]:
        """Detect on B frames; what is returned is as :class:`ProposalDetector` says.

        Args:
            frames: The frames; ``raw`` and ``sizes`` are used.
            features: Of each frame, with ``maps``.

        Raises:
            ValueError: The maps are missing or not those of the detector, or boxes are not finite.
        """
        proposals = []
        with torch.autocast(frames.raw.device.type, enabled=False):
            for index, feature in enumerate(features or ()):
                if feature.maps is None:
                    raise ValueError('SharedDetector needs the maps of the tracker it stands on')
                maps = tuple(level[None].float() for level in feature.maps)
                if not self.compared:
                    self._compare(maps, frames.raw_frame(index))
                    self.compared = True
                proposals += self._predict(maps, frames.sizes[index])
        return proposals

    def _predict(self, maps: tuple[Tensor, ...], size: tuple[int, int]) -> list[Proposals]:
        """Let the head predict on the maps of one frame of ``size`` (height, width)."""
        height, width = size
        meta = dict(img_shape=size, ori_shape=size, scale_factor=(1.0, 1.0))
        results = self.detector.bbox_head.predict(
            maps, [DetDataSample(metainfo=meta)], rescale=False
        )
        scale = maps[0].new_tensor([width, height, width, height])
        return [self._select(result, scale) for result in results]

    def _compare(self, maps: tuple[Tensor, ...], image: Tensor) -> None:
        """Compare the tracker's maps of a uint8 RGB image (3, h, w) with the detector's.

        Raises:
            ValueError: They differ.
        """
        data = dict(inputs=[image.flip(0)], data_samples=[DetDataSample()])
        inputs = self.detector.data_preprocessor(data, training=False)['inputs']
        own = self.detector.neck(self.detector.backbone(inputs))
        for level, (theirs, ours) in enumerate(zip(maps, own)):
            if theirs.shape == ours.shape:
                error = float((theirs - ours).abs().max())
                if error <= self.tolerance * max(1.0, float(ours.abs().max())):
                    continue
                how = f'values differ by up to {error:.3g}'
            else:
                how = f'shapes are {tuple(theirs.shape)} and {tuple(ours.shape)}'
            raise ValueError(
                f"the tracker's maps are not those of its detector (level {level}: {how}). "
                'SharedDetector needs the backbone, first neck, their weights, the normalisation '
                'and the frame sizes (ResizeToMultiple) of its detector; with others take '
                'ProposalDetector'
            )
