"""From the pipeline's dicts to what the data preprocessor takes."""

from __future__ import annotations

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmtrack.datasets.transforms import PackTrackInputs
from mmtrack.registry import TRANSFORMS


@TRANSFORMS.register_module()
class PackClipInputs(PackTrackInputs):
    """Pack a clip of T frames, or one frame (T = 1), for :class:`ClipDataPreprocessor`.

    Frames come as a dict of lists of length T (MMTracking's convention, what the clip data set and
    ``ClipBroadcaster`` give), as a list of T dicts, or as a single dict (testing).

    Returned dict:

    - ``inputs['img']``: uint8 tensor (T, 3, H, W), BGR
    - ``inputs['teacher_img']``: only when a transform put ``teacher_img`` in: list of T uint8
      tensors (3, h, w), BGR; entries that are float arrays are features (L, D) and stay as they are
    - ``data_samples``: a :class:`TrackDataSample` with MMTracking's meta keys and ``frame_time``,
      seconds since the video began (lists of length T, plain values for T = 1), and

      - ``gt_instances``: ``bboxes`` float32 (M, 4) in (x_min, y_min, x_max, y_max) pixels of the
        network's input, ``labels`` int64 (M,), ``instances_id`` int64 (M,), ``img_idx`` int64 (M,):
        the frame of the clip, 0..T-1
      - ``ignored_instances``: the same for objects with ``gt_ignore_flags``
      - ``proposals``: ``bboxes`` float32 (P, 4), ``scores`` float32 (P,), ``img_idx`` int64 (P,),
        and ``labels`` int64 (P,) where detections bring classes; absent where the data set has no
        proposals, which are then made in the loop

    Args:
        meta_keys: Further keys to be kept in the metainfo.
    """

    def __init__(self, meta_keys: tuple[str, ...] | None = None) -> None:
        super().__init__(meta_keys=('frame_key', 'frame_time', 'teacher_key', *(meta_keys or ())))

    def transform(self, results: dict | list[dict]) -> dict:
        """Pack a clip or a frame."""
        results = self._as_lists(results)
        sizes = {image.shape[:2] for image in results['img']}
        if len(sizes) > 1:
            raise ValueError(
                f'the frames of a clip of {results["img_path"][0]} have the sizes {sorted(sizes)}: '
                'random geometry must be shared by the frames of a clip '
                '(ClipBroadcaster with share_random_params=True)'
            )
        self.num_key_frames = len(results['img'])
        packed = super().transform(results)
        sample = packed['data_samples']
        for field in ('gt_instances', 'ignored_instances'):
            setattr(sample, field, self._tidy(getattr(sample, field)))
        # The clip has no reference frames beside it.
        del sample.ref_gt_instances, sample.ref_ignored_instances

        if 'proposals' in results:
            sample.proposals = self._pack_proposals(results)
        if 'teacher_img' in results:
            packed['inputs']['teacher_img'] = [
                self._teacher_tensor(image) for image in results['teacher_img']
            ]
        return packed

    @staticmethod
    def _as_lists(results: dict | list[dict]) -> dict:
        """Bring clips and single frames to one form, a new dict of lists of length T."""
        if isinstance(results, dict):
            if isinstance(results['img'], (list, tuple)):
                return dict(results)
            results = [results]
        return {key: [frame[key] for frame in results] for key in results[0]}

    @staticmethod
    def _tidy(instances: InstanceData) -> InstanceData:
        """Fix dtypes and shapes, which depend on how empty the clip was."""
        tidy = InstanceData()
        if 'bboxes' in instances:
            tidy.bboxes = instances.bboxes.float().reshape(-1, 4)
        for name in ('labels', 'instances_id'):
            if name in instances:
                tidy[name] = instances[name].long()
        if 'map_instances_to_img_idx' in instances:
            tidy.img_idx = instances.map_instances_to_img_idx.long()
        return tidy

    @staticmethod
    def _pack_proposals(results: dict) -> InstanceData:
        boxes, scores = results['proposals'], results['proposals_scores']
        frames = np.repeat(np.arange(len(boxes)), [len(frame_boxes) for frame_boxes in boxes])
        proposals = InstanceData(
            bboxes=torch.from_numpy(np.concatenate(boxes).astype(np.float32).reshape(-1, 4)),
            scores=torch.from_numpy(np.concatenate(scores).astype(np.float32)),
            img_idx=torch.from_numpy(frames.astype(np.int64)),
        )
        if 'proposals_labels' in results:
            labels = np.concatenate(results['proposals_labels'])
            proposals.labels = torch.from_numpy(labels.astype(np.int64))
        return proposals

    @staticmethod
    def _teacher_tensor(image: np.ndarray | torch.Tensor) -> torch.Tensor:
        tensor = torch.as_tensor(np.ascontiguousarray(image))
        return tensor.permute(2, 0, 1).contiguous() if tensor.dtype == torch.uint8 else tensor
