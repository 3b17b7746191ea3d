"""From packed clips to the tensors of the model."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseDataPreprocessor
from mmtrack.models import TrackDataPreprocessor
from mmtrack.registry import MODELS
from mmtrack.utils import stack_batch
from torch import Tensor


@MODELS.register_module()
class ClipDataPreprocessor(TrackDataPreprocessor):
    """Move clips to the device, turn BGR to RGB, keep the raw frames, normalise, pad, stack.

    Padding comes after normalisation, so that padded pixels are 0 for the network. Clips of a batch
    may differ in size and are padded to one; they must have the same number of frames.

    Returned dict:

    - ``inputs['img']``: float32 (N, T, 3, H, W), normalised, RGB or as the config says
    - ``inputs['raw']``: uint8 (N, T, 3, H, W), RGB before normalisation, padded with 0
    - ``inputs['teacher_img']``: only when packed: list of N lists of T uint8 tensors (3, h, w), RGB
      (or cached features, unchanged)
    - ``data_samples``: list of N samples, with ``batch_input_shape`` (H, W) and ``pad_shape`` in
      their metainfo (lists of length T for T > 1, as MMTracking has it)

    Args:
        mean: Pixel mean in the network's channel order. Defaults to ImageNet's.
        std: Pixel standard deviation. Defaults to ImageNet's.
        bgr_to_rgb: Whether the network sees RGB. MMCV loads BGR, and a backbone from a
            detector such as YOLOX was trained on it. ``raw`` is RGB in either case. Defaults to
            True.
        pad_size_divisor: H and W become multiples of it. Trackers cut the padding off again, so
            that a larger one costs memory and changes no result.
    """

    def __init__(
        self,
        *,
        mean: Sequence[float] = (123.675, 116.28, 103.53),
        std: Sequence[float] = (58.395, 57.12, 57.375),
        bgr_to_rgb: bool = True,
        pad_size_divisor: int = 32,
    ) -> None:
        super().__init__(
            mean=mean, std=std, bgr_to_rgb=bgr_to_rgb, pad_size_divisor=pad_size_divisor
        )

    def forward(self, data: dict, training: bool = False) -> dict:
        """Preprocess what the data loader collated.

        Args:
            data: ``inputs`` with ``img``, a list of N tensors (T, 3, h, w), and
                ``data_samples``, a list of N.
            training: Not used; there is no batch augmentation.

        Returns:
            ``inputs`` and ``data_samples`` as described above.

        Raises:
            ValueError: The clips differ in their number of frames.
        """
        data = BaseDataPreprocessor.cast_data(self, data)
        clips, samples = data['inputs']['img'], data.get('data_samples')
        lengths = {len(clip) for clip in clips}
        if len(lengths) > 1:
            raise ValueError(
                f'the clips of a batch have {sorted(lengths)} frames: give all data sets of a mix '
                'the same clip_length'
            )
        raw = [_to_rgb(clip) for clip in clips]
        ordered = raw if self.channel_conversion else clips
        normalised = [(clip.float() - self.mean) / self.std for clip in ordered]
        inputs = dict(
            img=stack_batch(normalised, self.pad_size_divisor),
            raw=stack_batch(raw, self.pad_size_divisor),
        )
        if 'teacher_img' in data['inputs']:
            # The data loader collates lists by position: T lists of N come in, N lists of T go out.
            inputs['teacher_img'] = [
                [_to_rgb(image) for image in clip] for clip in zip(*data['inputs']['teacher_img'])
            ]
        if samples is not None:
            self._record_shapes(samples, clips, inputs['img'])
        return dict(inputs=inputs, data_samples=samples)

    def _record_shapes(self, samples: list, clips: list[Tensor], batch: Tensor) -> None:
        batch_shape = tuple(batch.shape[-2:])
        pad_shapes = self._get_pad_shape(dict(inputs=dict(img=clips)))['img']
        for sample, pad_shape, clip in zip(samples, pad_shapes, clips):
            shapes = [batch_shape] * len(clip) if len(clip) > 1 else batch_shape
            sample.set_metainfo(dict(batch_input_shape=shapes, pad_shape=pad_shape))


def _to_rgb(image: Tensor) -> Tensor:
    """Swap the channels of images (..., 3, h, w); other tensors (features) stay as they are."""
    return image.flip(-3) if image.dtype == torch.uint8 else image
