"""The semantic slot between "queries of this frame" and "decoder".

To MOTRv2 it is a `SemanticPart`. Its parts come from the config: VSD-MOT fills it with a distilled
student, DCSD and DSWR; VSE-MOT with a CLIP branch, MOT-Adapter and VSFM; any mixture builds.
"""

from __future__ import annotations

from typing import TypeVar

from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor

from ..description import FrameDescription, FrameQualityScore, SemanticOutput
from ..frames import FrameBatch
from .distillation import SemanticDistillation
from .parts import QualityAssessment, SemanticAdapter, SemanticFusion, SemanticSource

Part = TypeVar('Part', SemanticSource, SemanticFusion, SemanticAdapter)


def _build_part(config: dict, base: type[Part]) -> Part:
    part = MODELS.build(config)
    if not isinstance(part, base):
        raise TypeError(
            f'{type(part).__name__} cannot be a part of the branch: derive it from '
            f'vsd_mot.models.semantics.{base.__name__}, which says what it must offer'
        )
    return part


@MODELS.register_module()
class SemanticBranch(BaseModule):
    """Adds visual semantics to the query contents of a frame.

    Each part is a registered module of its own; :mod:`.parts` says what it must offer. To try
    another one, derive it from the base class there, register it, and name it in the config.

    Args:
        source: Config of the source of the semantics (:class:`SemanticSource`).
        fusion: Config of the fusion (:class:`SemanticFusion`).
        adapter: Config of an adapter between the two (:class:`SemanticAdapter`).
        quality: Config of the frame quality (:class:`QualityAssessment`); needed by a fusion such
            as DSWR.
        distillation: Arguments of ``SemanticDistillation``; the type may be left out. Only
            training uses it.
        init_cfg: Initialisation, as in mmengine.

    Raises:
        TypeError: A part is not derived from its base class.
        ValueError: The fusion needs a quality and there is no quality part.
    """

    # A checkpoint to be tested may lack it, or have it where the model does not.
    training_only_parts = ('distillation',)

    def __init__(
        self,
        *,
        source: dict,
        fusion: dict,
        adapter: dict | None = None,
        quality: dict | None = None,
        distillation: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.source = _build_part(source, SemanticSource)
        self.fusion = _build_part(fusion, SemanticFusion)
        self.adapter: SemanticAdapter | None = None
        if adapter is not None:
            self.adapter = _build_part(adapter, SemanticAdapter)
            self.adapter.link(self.fusion)
        self.quality: QualityAssessment | None = None if quality is None else MODELS.build(quality)
        if self.fusion.needs_quality and self.quality is None:
            raise ValueError(
                f'{type(self.fusion).__name__} weighs by the quality of the frame: give the '
                "branch a quality part, e.g. quality=dict(type='FrameQuality')"
            )
        self.distillation: SemanticDistillation | None = None
        if distillation is not None:
            self.distillation = MODELS.build({'type': 'SemanticDistillation', **distillation})

    def _active_distillation(self) -> SemanticDistillation | None:
        """Return the distillation where a forward pass now computes its losses."""
        distillation = self.distillation
        if distillation is None or not self.training or distillation.alpha == 0:
            return None
        return distillation

    def describe(self, frames: FrameBatch) -> list[FrameDescription]:
        """Describe B frames at once, before there are queries.

        Args:
            frames: The frames of a clip or of a window of a video.

        Returns:
            One for each frame.
        """
        count = len(frames)
        qualities: list[FrameQualityScore | None] = [None] * count
        if self.quality is not None:
            qualities = list(self.quality(frames))
        features: list[Tensor | None] = [None] * count
        embeddings = self.source.describe(frames)
        if embeddings is not None:
            features = list(embeddings.unsqueeze(1))
        teachers: list[Tensor | None] = [None] * count
        distillation = self._active_distillation()
        if distillation is not None:
            teachers = list(distillation.teach(frames))
        return [
            FrameDescription(quality=quality, image_feature=feature, teacher=teacher)
            for quality, feature, teacher in zip(qualities, features, teachers)
        ]

    def forward(self, contents: Tensor, description: FrameDescription) -> SemanticOutput:
        """Fuse one frame's query contents with their semantics.

        Args:
            contents: (n, C) contents of the frame's queries without the denoising queries; n may
                be 0.
            description: Of the same frame.

        Returns:
            Contents for the decoder, distillation losses, quality and semantic weight.
        """
        semantics = self.source(contents, description)
        losses: dict[str, Tensor] = {}
        distillation = self._active_distillation()
        if distillation is not None:
            losses = distillation(semantics, description.teacher)
        if self.adapter is not None:
            semantics = self.adapter(semantics, contents)
        fused, weight = self.fusion(semantics, contents, description.quality)
        info = {} if description.quality is None else description.quality.components()
        if weight is not None:
            info['semantic_weight'] = weight.detach()
        return SemanticOutput(contents=fused, distill_losses=losses, info=info)

    def total_loss(
        self, mot_losses: dict[str, Tensor], distill: list[dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Weigh tracking and distillation losses against each other (equation 15).

        Args:
            mot_losses: The tracker's losses, by name.
            distill: ``SemanticOutput.distill_losses`` of every frame of the batch.

        Returns:
            All of them by name, ready to be summed over the names that contain ``loss``; the
            tracker's own where there is no distillation.
        """
        if self.distillation is None:
            return mot_losses
        return self.distillation.total_loss(mot_losses, distill)

    def deploy(self) -> SemanticBranch:
        """Drop what only training needs (teacher, teacher projection, term weights)."""
        self.distillation = None
        return self
