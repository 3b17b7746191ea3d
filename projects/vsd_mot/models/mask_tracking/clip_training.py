"""Training of VMOS on clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import torch
from mmengine.logging import MessageHub
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from .labels import close_channels
from .memory import MemorySettings, ObjectMemory
from .vmos import VMOS


@dataclass
class MaskClips:
    """B clips of T frames with their label maps.

    Attributes:
        images: ``(B, T, 3, H, W)`` normalised; H and W are 16 k + 1.
        labels: ``(B, T, H, W)`` int64: 0 the background, 1..n objects, 255 ignored.
        counts: Number n of objects of each clip.
    """

    images: Tensor
    labels: Tensor
    counts: Sequence[int]


@MODELS.register_module()
class MaskClipLoss(BaseModule):
    """The loss of clips: the first frame is annotated, the others are predicted one by one.

    ``L = w_aux * L_0 + mean(L_1 .. L_T)``; L_0 is of the network's own reading of the first
    masks. No gradient is cut between the frames.

    Args:
        losses: Configs of the losses of a frame, with a ``weight`` each.
        memory: Settings of the memory in training, short since clips are.
        auxiliary_until: Share of the training at which w_aux has fallen from 1 to 0. Raising it
            trains the reading of the first masks longer.
        own_masks_from: Share of the training from which on the memory gets the network's own masks
            instead of the true ones. None: never. Sooner teaches to recover from errors sooner, at
            the price of memories with errors.
        identities_until: Share of the training after which the identity bank gets no gradient;
            :class:`WarmupPolyLR` has a setting of this name, too. None: never. Raising it trains
            the identities longer.
        shuffle: Whether identities are permuted at random, so that all of the bank is trained.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        losses: Sequence[dict] = (
            dict(type='HardPixelCrossEntropy', weight=0.5),
            dict(type='SoftJaccardLoss', weight=0.5),
        ),
        memory: dict | None = None,
        auxiliary_until: float = 0.1,
        own_masks_from: float | None = None,
        identities_until: float | None = None,
        shuffle: bool = True,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        losses = [dict(loss) for loss in losses]
        self.weights = [loss.pop('weight') for loss in losses]
        self.losses = nn.ModuleList(MODELS.build(loss) for loss in losses)
        self.memory = MemorySettings(**{**dict(long_gap=2, short_lag=1), **(memory or {})})
        self.auxiliary_until = auxiliary_until
        self.own_masks_from = own_masks_from
        self.identities_until = identities_until
        self.shuffle = shuffle

    def forward(self, vmos: VMOS, clips: MaskClips, progress: float) -> dict[str, Tensor]:
        """Return the losses of clips.

        Args:
            vmos: The network.
            clips: The clips.
            progress: Share of the training that is done, 0..1.

        Returns:
            ``loss_reference`` and ``loss_propagated``, whose sum is the loss.
        """
        per_frame, _ = self.unroll(vmos, clips, progress)
        auxiliary = max(self.auxiliary_until - progress, 0.0) / self.auxiliary_until
        return dict(
            loss_reference=auxiliary * per_frame[0].mean(),
            loss_propagated=torch.stack(per_frame[1:]).mean(),
        )

    def unroll(
        self, vmos: VMOS, clips: MaskClips, progress: float
    ) -> tuple[list[Tensor], list[list[Tensor]]]:
        """Go through the clips frame by frame.

        Args:
            vmos: The network.
            clips: The clips.
            progress: Share of the training that is done.

        Returns:
            For each frame the losses ``(B,)``, and the logits ``(n + 1, H, W)`` of each clip's n
            objects.
        """
        bank_is_done = self.identities_until is not None and progress >= self.identities_until
        with without_gradient(vmos.identity_bank) if bank_is_done else nullcontext():
            return self._unroll(vmos, clips, progress)

    def _unroll(
        self, vmos: VMOS, clips: MaskClips, progress: float
    ) -> tuple[list[Tensor], list[list[Tensor]]]:
        own_masks = self.own_masks_from is not None and progress >= self.own_masks_from
        batch, length = clips.images.shape[:2]
        order = self._order(vmos.max_objects, batch, clips.images.device)
        encoded = vmos.encode(clips.images.transpose(0, 1).flatten(0, 1))
        memory = ObjectMemory(self.memory)
        losses: list[Tensor] = []
        predictions: list[list[Tensor]] = []
        for frame in range(length):
            features = encoded[slice(frame * batch, (frame + 1) * batch)]
            if frame == 0:
                hot = self._identities(vmos, clips.labels[:, 0], order)
                logits, first_memory = vmos.reference(features, hot)
                memory.refer(0, first_memory)
            else:
                logits, keys = vmos.propagate(features, memory.long, memory.short)
            own_logits = self._own_logits(logits, order, clips)
            losses.append(self.frame_losses(own_logits, clips, frame=frame, progress=progress))
            predictions.append(own_logits)
            if 0 < frame < length - 1:
                labels = labels_of(own_logits) if own_masks else clips.labels[:, frame]
                hot = self._identities(vmos, labels, order)
                memory.update(frame, vmos.remember(keys, hot))
        return losses, predictions

    def _order(self, count: int, batch: int, device: torch.device) -> Tensor:
        """``(B, count + 1)``: which identity of the bank each object is; background is 0."""
        if self.shuffle and self.training:
            order = torch.rand(batch, count, device=device).argsort(dim=1)
        else:
            order = torch.arange(count, device=device).expand(batch, count)
        return F.pad(order + 1, (1, 0))

    def _identities(self, vmos: VMOS, labels: Tensor, order: Tensor) -> Tensor:
        hot = vmos.identity_bank.one_hot(labels)
        inverse = order.argsort(dim=1)
        return hot.gather(1, inverse[:, :, None, None].expand_as(hot))

    def _own_logits(self, logits: Tensor, order: Tensor, clips: MaskClips) -> list[Tensor]:
        """Logits ``(n + 1, H, W)`` of each clip's own objects, at the size of the labels."""
        logits = logits.gather(1, order[:, :, None, None].expand_as(logits))
        size = clips.labels.shape[-2:]
        large = F.interpolate(logits, size, mode='bilinear', align_corners=True)
        return [close_channels(one, count)[: count + 1] for one, count in zip(large, clips.counts)]

    def frame_losses(
        self, logits: Sequence[Tensor], clips: MaskClips, *, frame: int, progress: float
    ) -> Tensor:
        """Return the loss of a frame for each clip, ``(B,)``."""
        return torch.stack(
            [
                sum(
                    weight * loss(one, clips.labels[index, frame], progress)
                    for weight, loss in zip(self.weights, self.losses)
                )
                for index, one in enumerate(logits)
            ]
        )


def labels_of(logits: Sequence[Tensor]) -> Tensor:
    """Labels ``(B, H, W)`` of the logits of each clip."""
    return torch.stack([one.argmax(dim=0) for one in logits])


@contextmanager
def without_gradient(module: nn.Module) -> Iterator[None]:
    """While it lasts, what a module computes gives no gradient to its weights."""
    before = [one.requires_grad for one in module.parameters()]
    module.requires_grad_(False)
    try:
        yield
    finally:
        for one, learned in zip(module.parameters(), before):
            one.requires_grad_(learned)


def training_progress() -> float:
    """Share of the running training that is done; 0 outside of one."""
    hub = MessageHub.get_current_instance()
    steps = hub.get_info('max_iters') or 0
    return (hub.get_info('iter') or 0) / steps if steps else 0.0
