"""VMOS, the video multi-object segmenter of HQTrack."""

from __future__ import annotations

from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from .memory_frames import FrameMemory, LayerKeys
from .propagation import MaskFeatures


@MODELS.register_module()
class VMOS(BaseModule):
    """Video multi-object segmenter (HQTrack, arXiv 2307.13974): a label map from frame to frame.

    It keeps nothing between calls: whoever follows a video holds its memory
    (:class:`ObjectMemory`), so that videos and groups of objects share one network.

    It is weak where objects look alike and cross farther apart in time than the memory reaches,
    and it never ends an object: that is for its caller to say.

    Args:
        encoder: Config of what gives maps at 1/4, 1/8 and 1/16.
        identity_bank: Config of the identities (:class:`IdentityBank`).
        propagation: Config of the propagation (:class:`MultiScalePropagation`).
        head: Config of the head (:class:`MaskHead`).
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        encoder: dict,
        identity_bank: dict,
        propagation: dict,
        head: dict,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.encoder = MODELS.build(encoder)
        self.identity_bank = MODELS.build(identity_bank)
        self.propagation = MODELS.build(propagation)
        self.head = MODELS.build(head)
        width = self.propagation.layers[0].channels
        self.projector = nn.Conv2d(self.encoder.channels[-1], width, 1)

    @property
    def max_objects(self) -> int:
        """How many objects one label map may have."""
        return self.identity_bank.max_objects

    def encode(self, images: Tensor) -> MaskFeatures:
        """Encode normalised RGB images ``(B, 3, H, W)``; H and W are 16 k + 1."""
        height, width = images.shape[-2:]
        if height % 16 != 1 or width % 16 != 1:
            raise ValueError(f'the sides of a picture must be 16 k + 1, got {height} x {width}')
        finest, fine, coarse = self.encoder(images)
        return MaskFeatures(self.projector(coarse), fine, finest)

    def reference(self, features: MaskFeatures, identities: Tensor) -> tuple[Tensor, FrameMemory]:
        """Take in frames whose masks are known.

        Args:
            features: Of B frames.
            identities: ``(B, max_objects + 1, H, W)``, see :meth:`IdentityBank.one_hot`.

        Returns:
            Logits ``(B, max_objects + 1, H / 4, W / 4)``, as the network reads these masks, and
            the memory of the frames.
        """
        embeddings = self.identity_bank(identities)
        mixed, keys = self.propagation(features, embeddings=embeddings)
        return self.head(mixed), self.propagation.remember(keys, embeddings)

    def propagate(
        self, features: MaskFeatures, long: FrameMemory, short: FrameMemory
    ) -> tuple[Tensor, list[LayerKeys]]:
        """Find the remembered objects in frames.

        Args:
            features: Of B frames.
            long: Long-term memory, of any number of frames.
            short: Short-term memory, of one frame.

        Returns:
            Logits ``(B, max_objects + 1, H / 4, W / 4)``, and the keys of the frames for
            :meth:`remember`.
        """
        mixed, keys = self.propagation(features, memory=(long, short))
        return self.head(mixed), keys

    def remember(self, keys: list[LayerKeys], identities: Tensor) -> FrameMemory:
        """Return the memory of frames, once their masks are known.

        Args:
            keys: Of :meth:`propagate`.
            identities: As :meth:`reference`.
        """
        return self.propagation.remember(keys, self.identity_bank(identities))
