"""HQ-SAM as a mask refiner."""

from __future__ import annotations

import importlib
from typing import NamedTuple

import numpy as np
import torch
from mmtrack.registry import MODELS
from torch import Tensor

from ....engine.safe_loading import load_weights


class BoxMasks(NamedTuple):
    """k masks for each of n boxes.

    Attributes:
        masks: ``(n, k, H, W)`` bool.
        ious: Predicted IoU of each mask with the object, ``(n, k)``.
        logits: Of low resolution, ``(n, k, h, w)``.
    """

    masks: Tensor
    ious: Tensor
    logits: Tensor


@MODELS.register_module()
class HQSAM:
    """HQ-SAM (Ke et al., NeurIPS 2023) by the package ``segment-anything-hq``, an optional extra.

    ``pip install 'vsd_mot[masks]'``. The package is imported when a refiner is built and
    not before: its import overwrites ``tiny_vit_*`` in timm's registry, which is put back here.

    Transformers' SamHQModel is not used: in 5.24 its mask decoder drops what the transformer made
    of the picture.

    Args:
        variant: ``'vit_h'`` as HQTrack has it, ``'vit_l'``, ``'vit_b'``, or ``'vit_tiny'``, which
            takes about 3 s a picture on a CPU.
        checkpoint: Weights of HQ-SAM, as published (``sam_hq_vit_h.pth``); loaded weights only.
            None leaves them random.
        device: Where to run, such as ``'cuda:0'``.
        model: A built SAM of the package, instead of ``variant``.

    Raises:
        ImportError: The package is not installed; says how.
        ValueError: There is no such variant, or the checkpoint does not fit.
    """

    VARIANTS = ('vit_h', 'vit_l', 'vit_b', 'vit_tiny')

    def __init__(
        self,
        variant: str = 'vit_h',
        *,
        checkpoint: str | None = None,
        device: str = 'cpu',
        model: torch.nn.Module | None = None,
    ) -> None:
        package = import_package()
        if model is None:
            if variant not in self.VARIANTS:
                raise ValueError(
                    f'HQ-SAM has no variant {variant!r}; there are {", ".join(self.VARIANTS)}'
                )
            model = package.sam_model_registry[variant](checkpoint=None)
        if checkpoint is not None:
            load_strictly(model, checkpoint)
        self.predictor = package.SamPredictor(model.to(device).eval())

    @torch.no_grad()
    def __call__(self, picture: Tensor, boxes: Tensor) -> Tensor:
        """See :class:`MaskRefiner`."""
        self.set_picture(picture)
        predicted = self.predict(boxes)
        best = predicted.ious.argmax(dim=1)
        return predicted.masks[torch.arange(len(best)), best]

    def set_picture(self, picture: Tensor) -> None:
        """Encode a picture ``(3, H, W)`` uint8 RGB."""
        self.predictor.set_image(np.ascontiguousarray(picture.permute(1, 2, 0).cpu().numpy()))

    def predict(self, boxes: Tensor) -> BoxMasks:
        """Masks of boxes in the picture that was set.

        Args:
            boxes: ``(n, 4)`` xyxy in pixels of the picture.

        Returns:
            k masks for each box.
        """
        predictor = self.predictor
        scaled = predictor.transform.apply_boxes_torch(
            boxes.to(predictor.device).float(), predictor.original_size
        )
        return BoxMasks(
            *predictor.predict_torch(
                point_coords=None,
                point_labels=None,
                boxes=scaled,
                multimask_output=True,
                hq_token_only=False,
            )
        )


def import_package():
    """Import ``segment_anything_hq`` and leave timm's registry as it was.

    Raises:
        ImportError: It is not installed.
    """
    try:
        registry = importlib.import_module('timm.models._registry')
        before = dict(registry._model_entrypoints)
        package = importlib.import_module('segment_anything_hq')
    except ImportError as error:
        raise ImportError(
            'HQ-SAM needs the packages segment-anything-hq and timm: '
            f"pip install 'vsd_mot[masks]' ({error})"
        ) from error
    registry._model_entrypoints.update(before)
    return package


def load_strictly(model: torch.nn.Module, checkpoint: str) -> None:
    """Fill a SAM with published weights, loaded as data.

    Raises:
        ValueError: They do not fit the model.
    """
    try:
        model.load_state_dict(load_weights(checkpoint, map_location='cpu'))
    except RuntimeError as error:
        raise ValueError(f'{checkpoint}: no weights of this HQ-SAM: {error}') from error
