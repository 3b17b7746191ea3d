"""Proposals made in the loop, where no proposal file brings them."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from mmdet.structures import DetDataSample
from mmdet.structures.bbox import bbox_xyxy_to_cxcywh
from mmengine.config import ConfigDict
from mmengine.model import BaseModule
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ...datasets.transforms.geometry import short_side_size
from ...engine.weights import load_checkpoint
from ..frames import FrameBatch, FrameFeatures, Proposals, cut_padding, take


@MODELS.register_module()
class ProposalDetector(BaseModule):
    """Any MMDetection detector, frozen, on the frames that the tracker sees.

    It gives what ``tools/dataset_converters/make_proposals.py`` stores with the same detector, up
    to the resampling of frames that come in another size than ``input_scale`` gives; equal where
    the tracker's input has that size.

    The detector is not a submodule in the eyes of the tracker: its parameters are not trained,
    counted, synchronised or saved with the tracker's, and it stays in evaluation mode. It does
    follow the tracker to a device. Its weights come from ``checkpoint`` alone.

    Args:
        detector: Config of an MMDetection model with its ``data_preprocessor``, such as
            ``model`` of a config in ``configs/detector``.
        checkpoint: Its weights, loaded strictly. Without them the detector is
            random, which is for tests.
        input_scale: (longer, shorter) side that frames are resized to,
            as ``mmdet.Resize(keep_ratio=True)`` does. None leaves the tracker's input as it is.
        score_thr: Proposals have a score above it. Raising it makes tracking faster and loses
            people whom the tracker would have confirmed. Defaults to 0.05, MOTRv2's.
        keep_labels: Classes of the detector to be tracked.
        max_batch: How many frames at most are detected at once. Raising it takes memory, and
            time only where the device was not busy.
    """

    shares_maps = False

    def __init__(
        self,
        detector: dict,
        checkpoint: str | None = None,
        *,
        input_scale: tuple[int, int] | None = None,
        score_thr: float = 0.05,
        keep_labels: Sequence[int] = (0,),
        max_batch: int = 8,
    ) -> None:
        super().__init__()
        # MMDetection reads some settings as attributes.
        detector = ConfigDict(copy.deepcopy(dict(detector)))
        detector.setdefault('_scope_', 'mmdet')
        built = MODELS.build(detector)
        if checkpoint is None:
            warnings.warn(
                'ProposalDetector has no checkpoint: its proposals are random', stacklevel=2
            )
        else:
            load_checkpoint(built, checkpoint)
        built.requires_grad_(False).eval()
        # Around nn.Module's registration, see the class's docstring.
        self.__dict__['detector'] = built
        self.input_scale = input_scale
        self.score_thr = score_thr
        self.keep_labels = tuple(keep_labels)
        self.max_batch = max_batch

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> nn.Module:
        """Let the detector follow to a device or dtype, with what prepares its input."""
        self.detector._apply(fn)
        # MMEngine's preprocessors learn of a device from `to` alone, which reaches no inner module.
        self.detector._set_device(next(self.detector.parameters()).device)
        return super()._apply(fn, recurse)

    @property
    def network_modules(self) -> Sequence[nn.Module]:
        """The modules of the detector that compute it from frames."""
        parts = (getattr(self.detector, name, None) for name in ('backbone', 'neck', 'bbox_head'))
        return [part for part in parts if part is not None]

    def init_weights(self) -> None:
        """Nothing to do: the checkpoint has been loaded."""

    @torch.no_grad()
    def forward(
        self, frames: FrameBatch, features: Sequence[FrameFeatures] | None = None
    ) -> list[Proposals]:
        """Detect on B frames.

        Args:
            frames: The frames; ``raw`` and ``sizes`` are used.
            features: Of each frame; not used.

        Returns:
            The proposals of each frame, best first. Boxes are normalised by the frame's size
            without padding, and not clipped to it.

        Raises:
            ValueError: If the detector gives boxes that are not finite.
        """
        # Half precision would move scores across the threshold.
        with torch.autocast(frames.raw.device.type, enabled=False):
            return frames.map_by_size(
                lambda indices, size: self._detect(
                    cut_padding(take(frames.raw, indices), height=size[0], width=size[1])
                ),
                limit=self.max_batch,
            )

    def _detect(self, images: Tensor) -> list[Proposals]:
        """Detect on uint8 RGB images (B, 3, h, w) of one size."""
        images = self._resize(images)
        height, width = images.shape[-2:]
        meta = dict(img_shape=(height, width), ori_shape=(height, width), scale_factor=(1.0, 1.0))
        samples = [DetDataSample(metainfo=meta) for _ in images]
        # The detector's own preprocessing starts from BGR, the order MMCV loads.
        data = dict(inputs=list(images.flip(1)), data_samples=samples)
        data = self.detector.data_preprocessor(data, training=False)
        results = self.detector.predict(data['inputs'], data['data_samples'], rescale=False)
        scale = images.new_tensor([width, height, width, height], dtype=torch.float32)
        return [self._select(result.pred_instances, scale) for result in results]

    def _resize(self, images: Tensor) -> Tensor:
        if self.input_scale is None:
            return images
        height, width = images.shape[-2:]
        size = short_side_size(height, width, scale=self.input_scale, rule='nearest')
        if size == (height, width):
            return images
        resized = F.interpolate(images.float(), size, mode='bilinear', align_corners=False)
        return resized.round().clamp(0, 255).to(torch.uint8)

    def _select(self, instances: InstanceData, scale: Tensor) -> Proposals:
        labels = instances.labels
        of_interest = torch.isin(labels, labels.new_tensor(self.keep_labels))
        keep = (instances.scores > self.score_thr) & of_interest
        boxes = bbox_xyxy_to_cxcywh(instances.bboxes[keep].float() / scale)
        if not torch.isfinite(boxes).all():
            raise ValueError(
                'the detector of the proposals gives boxes that are not finite: its weights are '
                'broken, or are not those of its config'
            )
        return Proposals(boxes, instances.scores[keep].float())
