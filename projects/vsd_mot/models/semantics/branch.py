"""The semantic slot between "queries of this frame" and "decoder".

MOTRv2 knows only this class. Its parts come from the config: VSD-MOT fills it with a distilled
student, DCSD and DSWR; VSE-MOT with a CLIP branch, MOT-Adapter and VSFM; any mixture builds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..frames import FrameBatch


@dataclass
class FrameQualityScore:
    """How good one frame is; 0-dim tensors in [0, 1], higher is better in all four.

    Attributes:
        quality: Q of equation 13.
        clarity: share of fine structure that is no noise.
        noise: freedom from noise (1: none seen).
        contrast: spread of the grey values.
    """

    quality: Tensor
    clarity: Tensor
    noise: Tensor
    contrast: Tensor


@dataclass
class FrameDescription:
    """What is known of a frame before its queries are.

    Attributes:
        quality: of the frame, where the branch has a quality part.
        image_feature: (1, D) image embedding, where the source looks at the image.
        teacher: (L, D) tokens of the teacher, in training with distillation.
    """

    quality: FrameQualityScore | None = None
    image_feature: Tensor | None = None
    teacher: Tensor | None = None


@dataclass
class SemanticOutput:
    """What the branch makes of one frame's queries.

    Attributes:
        contents: (n, C) fused contents, the decoder's input.
        distill_losses: un-weighted distillation losses and the values logged
            with them; empty when nothing is distilled.
        info: ``quality``, ``clarity``, ``noise``, ``contrast`` and
            ``semantic_weight`` of the frame, as far as the parts tell them; 0-dim, detached.
    """

    contents: Tensor
    distill_losses: dict[str, Tensor] = field(default_factory=dict)
    info: dict[str, float | Tensor] = field(default_factory=dict)


@MODELS.register_module()
class SemanticBranch(BaseModule):
    """Adds visual semantics to the query contents of a frame.

    The parts, each a registered module, and how they are called:

    - ``source(contents, description) -> (n, C)`` semantics of the queries. A source that looks at
      the image has ``describe(frames) -> (B, D)``, called once for all frames.
    - ``adapter(semantics, contents) -> semantics``, optional. ``adapter.link(fusion)``, where there
      is one, lets the two agree on handing over something richer than (n, C) rows.
    - ``fusion(semantics, contents, quality) -> (fused (n, C), weight)``; the weight is a 0-dim
      tensor, or None where the fusion has no such thing.
    - ``quality(frames) -> list[FrameQualityScore]``, optional; needed by a fusion such as DSWR.
    - ``distillation``: teacher, loss and alpha, see ``SemanticDistillation``.

    Args:
        source: Config of the source of the semantics.
        fusion: Config of the fusion.
        adapter: Config of an adapter between the two.
        quality: Config of the frame quality.
        distillation: Arguments of ``SemanticDistillation``; the type may be left
            out. Only training uses it.
        init_cfg: Initialisation, as in mmengine.
    """

    # A checkpoint to be tested may lack it, or have it where the model does not.
    training_only_parts = ('distillation',)

    def __init__(
        self,
        source: dict,
        fusion: dict,
        adapter: dict | None = None,
        quality: dict | None = None,
        distillation: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.source = MODELS.build(source)
        self.fusion = MODELS.build(fusion)
        self.adapter = None if adapter is None else MODELS.build(adapter)
        if hasattr(self.adapter, 'link'):
            self.adapter.link(self.fusion)
        self.quality = None if quality is None else MODELS.build(quality)
        if getattr(self.fusion, 'needs_quality', False) and self.quality is None:
            raise ValueError(
                f'{type(self.fusion).__name__} weighs by the quality of the frame: give the '
                "branch a quality part, e.g. quality=dict(type='FrameQuality')"
            )
        self.distillation: nn.Module | None = None
        if distillation is not None:
            self.distillation = MODELS.build({'type': 'SemanticDistillation', **distillation})

    @property
    def distils(self) -> bool:
        """Whether a forward pass now computes distillation losses."""
        return self.training and self.distillation is not None and self.distillation.alpha > 0

    def describe(self, frames: FrameBatch) -> list[FrameDescription]:
        """Look at B frames at once, before there are queries.

        Args:
            frames: The frames of a clip or of a window of a video.

        Returns:
            One for each frame.
        """
        count = len(frames)
        qualities = [None] * count if self.quality is None else self.quality(frames)
        features: list[Tensor | None] = [None] * count
        if hasattr(self.source, 'describe'):
            features = list(self.source.describe(frames).unsqueeze(1))
        teachers: list[Tensor | None] = [None] * count
        if self.distils:
            teachers = self.distillation.teach(frames)
        return [FrameDescription(*parts) for parts in zip(qualities, features, teachers)]

    def forward(self, contents: Tensor, description: FrameDescription) -> SemanticOutput:
        """Fuse one frame's query contents with their semantics.

        Args:
            contents: (n, C) contents of the frame's queries without the denoise queries;
                n may be 0.
            description: Of the frame the queries look at.

        Returns:
            Contents for the decoder, distillation losses, what the branch saw.
        """
        semantics = self.source(contents, description)
        losses = {}
        if self.distils:
            losses = self.distillation(semantics, description.teacher)
        if self.adapter is not None:
            semantics = self.adapter(semantics, contents)
        fused, weight = self.fusion(semantics, contents, description.quality)
        info: dict[str, float | Tensor] = {}
        if description.quality is not None:
            info = {name: value.detach() for name, value in vars(description.quality).items()}
        if weight is not None:
            info['semantic_weight'] = weight.detach()
        return SemanticOutput(fused, losses, info)

    def total_loss(
        self, mot_losses: dict[str, Tensor], distill: list[dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Weigh tracking and distillation losses against each other (equation 15).

        Args:
            mot_losses: The tracker's losses, by name.
            distill: ``SemanticOutput.distill_losses`` of every frame of
                the batch.

        Returns:
            All of them by name, ready to be summed over the names that contain
            ``loss``; the tracker's own where nothing is distilled.
        """
        if self.distillation is None:
            return mot_losses
        return self.distillation.total_loss(mot_losses, distill)

    def deploy(self) -> SemanticBranch:
        """Drop what only training needs (teacher, teacher projection, term weights)."""
        self.distillation = None
        return self
