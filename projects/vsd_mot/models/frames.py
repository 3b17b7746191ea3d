"""The frames a tracker looks at, with what is known of each before any network has run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from mmdet.structures.bbox import bbox_xyxy_to_cxcywh
from mmengine.structures import InstanceData
from mmtrack.structures import TrackDataSample
from torch import Tensor
from torch.nn import functional as F

Result = TypeVar('Result')


@dataclass
class TeacherView:
    """What the teacher of a distillation looks at instead of the frame the tracker sees.

    Attributes:
        image: (3, h, w) uint8 RGB, of any size.
        key: Digest of the image's pixels, under which its features are stored; None where they
            are not stored.
    """

    image: Tensor
    key: str | None = None


@dataclass
class FrameBatch:
    """B frames: all frames of a batch of clips, or a window of one video.

    Attributes:
        images: (B, 3, H, W) float, normalised RGB, padded with 0 at the right and bottom.
        raw: (B, 3, H, W) uint8 RGB, the same frames before normalisation, padded.
        sizes: (height, width) of each frame in pixels, without padding.
        teacher: What the teacher of a distillation sees of each frame, as ``LoadTeacherView``
            made it. None: it sees ``raw`` without its padding.
    """

    images: Tensor
    raw: Tensor
    sizes: list[tuple[int, int]]
    teacher: list[TeacherView] | None = None

    @classmethod
    def from_inputs(
        cls, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample]
    ) -> FrameBatch:
        """Lay out N clips of T frames as B = N * T frames, clip by clip.

        Args:
            inputs: ``img`` and ``raw``, (N, T, 3, H, W), and maybe ``teacher_img``, N lists of T,
                as ``ClipDataPreprocessor`` makes them.
            data_samples: One for each clip, with ``img_shape``, and maybe ``teacher_key`` where
                there is a ``teacher_img``.

        Returns:
            The frames.
        """
        length = inputs['img'].shape[1]
        sizes = []
        for sample in data_samples:
            shapes = sample.img_shape if length > 1 else [sample.img_shape]
            sizes += [(int(shape[0]), int(shape[1])) for shape in shapes]
        teacher = None
        if 'teacher_img' in inputs:
            teacher = []
            for clip, sample in zip(inputs['teacher_img'], data_samples):
                keys = sample.get('teacher_key')
                if length == 1 or keys is None:
                    keys = [keys] * length
                teacher += [TeacherView(image=image, key=key) for image, key in zip(clip, keys)]
        return cls(
            images=inputs['img'].flatten(0, 1),
            raw=inputs['raw'].flatten(0, 1),
            sizes=sizes,
            teacher=teacher,
        )

    def __len__(self) -> int:
        return len(self.sizes)

    def raw_frame(self, index: int) -> Tensor:
        """Frame ``index`` as it was before normalisation, (3, h, w) uint8 RGB, un-padded."""
        height, width = self.sizes[index]
        return self.raw[index, :, :height, :width]

    def map_by_size(
        self,
        function: Callable[[list[int], tuple[int, int]], Sequence[Result]],
        limit: int | None = None,
    ) -> list[Result]:
        """Work on the frames of one size together, and return what comes of each, in order.

        Args:
            function: Called with the indices of k frames and their (height, width) in pixels;
                returns k results.
            limit: How many frames at most go into one call; more take more memory. None: all of
                one size.

        Returns:
            The result of each of the B frames.
        """
        by_size: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, size in enumerate(self.sizes):
            by_size[size].append(index)
        results: dict[int, Result] = {}
        for size, indices in by_size.items():
            step = limit or len(indices)
            for start in range(0, len(indices), step):
                chunk = indices[start : start + step]
                results.update(zip(chunk, function(chunk, size)))
        return [results[index] for index in range(len(self))]


class Proposals(NamedTuple):
    """A detector's boxes in a frame.

    Attributes:
        boxes: Normalised boxes (cx, cy, w, h), ``(P, 4)``.
        scores: Confidences in [0, 1], ``(P,)``.
    """

    boxes: Tensor
    scores: Tensor


@dataclass
class FrameFeatures:
    """One frame after the encoder.

    Attributes:
        memory: (S, C) encoded tokens of all levels, finest level first, rows first.
        spatial_shapes: (height, width) of each level in tokens.
        maps: Output of the first neck, (C, h, w) a level, for a detector that shares it.
    """

    memory: Tensor
    spatial_shapes: list[tuple[int, int]]
    maps: tuple[Tensor, ...] | None = None


@dataclass
class FrameObjects:
    """The ground truth of one frame.

    Attributes:
        boxes: (M, 4) normalised (cx, cy, w, h).
        labels: (M,) int64 class indices.
        track_ids: (M,) int64 identities, unique in the frame, at least 0.
    """

    boxes: Tensor
    labels: Tensor
    track_ids: Tensor

    def __len__(self) -> int:
        return len(self.track_ids)


def take(images: Tensor, indices: list[int]) -> Tensor:
    """Return the images of these indices; those that follow each other as a view.

    A list of indices would be copied to a GPU, which everything before it would have to wait for.
    """
    first, last = indices[0], indices[-1]
    if indices == list(range(first, last + 1)):
        return images[first : last + 1]
    return images[indices]


def cut_padding(images: Tensor, height: int, width: int, *, divisor: int = 1) -> Tensor:
    """Cut images (B, 3, H, W) down to (height, width), rounded up to a multiple of ``divisor``.

    Where the padding does not reach that multiple, zeros are added.
    """
    height = -(-height // divisor) * divisor
    width = -(-width // divisor) * divisor
    images = images[..., :height, :width]
    bottom, right = height - images.shape[-2], width - images.shape[-1]
    return F.pad(images, (0, right, 0, bottom)) if bottom or right else images


def instances_by_frame(
    data_samples: Sequence[TrackDataSample], field: str, frames: FrameBatch
) -> Iterator[tuple[InstanceData, Tensor]]:
    """Split the instances of N clips into those of each frame.

    Args:
        data_samples: One for each clip; the field's ``img_idx`` is an instance's frame.
        field: ``gt_instances`` or ``proposals``.
        frames: The N * T frames.

    Yields:
        For each frame, clip by clip, its instances, and their boxes normalised by the frame's
        size without padding, (cx, cy, w, h).
    """
    length = len(frames) // len(data_samples)
    for clip, sample in enumerate(data_samples):
        instances = sample.get(field)
        for index in range(length):
            of_frame = instances[instances.img_idx == index]
            height, width = frames.sizes[clip * length + index]
            scale = of_frame.bboxes.new_tensor([width, height, width, height])
            yield of_frame, bbox_xyxy_to_cxcywh(of_frame.bboxes / scale)


def frame_objects(
    data_samples: Sequence[TrackDataSample], frames: FrameBatch
) -> list[FrameObjects]:
    """Return the ground truth of each frame of N clips; arguments of :func:`instances_by_frame`."""
    return [
        FrameObjects(boxes, instances.labels, instances.instances_id)
        for instances, boxes in instances_by_frame(data_samples, 'gt_instances', frames)
    ]
