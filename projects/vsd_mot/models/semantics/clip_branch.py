"""VSE-MOT's third branch: what CLIP sees in the whole frame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..description import FrameDescription
from ..frames import FrameBatch
from .image_encoder import ImageEncoder
from .parts import SemanticSource


@MODELS.register_module()
class CLIPBranch(SemanticSource):
    """Gives every query of a frame the frame's image embedding, projected to its width.

    The encoder is frozen, stays in eval mode, and sees the frame as the camera gave it, all
    frames of a clip or window in one batch. (The published code feeds it normalised values cast
    to bytes, one frame at a time, with batch norms in training mode.)

    Args:
        encoder: Config of an :class:`ImageEncoder` with global tokens.
        embed_dims: Width C of the query contents.
        hidden_dims: Widths of the projection's hidden layers. Defaults to VSE-MOT's published
            ones.
        init_cfg: Initialisation, as in mmengine.

    Raises:
        ValueError: if the encoder yields a grid of tokens.
    """

    def __init__(
        self,
        encoder: dict,
        *,
        embed_dims: int = 256,
        hidden_dims: Sequence[int] = (512, 400, 300),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.encoder: ImageEncoder = MODELS.build(encoder)
        if self.encoder.tokens != 'global':
            raise ValueError(
                f'CLIPBranch takes one embedding of a frame; give its encoder tokens="global", '
                f'not {self.encoder.tokens!r}'
            )
        widths = (self.encoder.embed_dims, *hidden_dims, embed_dims)
        layers: list[nn.Module] = []
        for width, next_width in pairwise(widths):
            layers += [nn.Linear(width, next_width), nn.ReLU()]
        self.projection = nn.Sequential(*layers[:-1])

    def describe(self, frames: FrameBatch) -> Tensor:
        """Embed B frames without their padding, (B, D), without gradient."""
        return self.encoder([frames.raw_frame(index) for index in range(len(frames))])[:, 0]

    def forward(self, contents: Tensor, description: FrameDescription) -> Tensor:
        """Project the frame's embedding to semantics of its queries, the same for each.

        Args:
            contents: (n, C) contents; only their number matters.
            description: With the frame's ``image_feature``, (1, D).

        Returns:
            (n, C) semantics.

        Raises:
            ValueError: The description has no image feature: it was not made by
                :meth:`describe`.
        """
        if description.image_feature is None:
            raise ValueError(
                'CLIPBranch got a frame without an image feature: take the description that '
                'SemanticBranch.describe makes of the frame'
            )
        return self.projection(description.image_feature).expand(contents.shape[0], -1)
