"""The frames a tracker looks at, with what is known of each before any network has run."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass
class TeacherView:
    """What the teacher of a distillation looks at instead of the frame the tracker sees.

    Attributes:
        image: (3, h, w) uint8 RGB, of any size.
        key: Digest of the image's pixels, under which its features are stored.
            None: they are not.
    """

    image: Tensor
    key: str | None = None


@dataclass
class FrameBatch:
    """B frames: all frames of a batch of clips, or a window of one video.

    Attributes:
        images: (B, 3, H, W) float, normalised RGB, padded with 0 at the right and bottom.
        raw: (B, 3, H, W) uint8 RGB, the same frames before normalisation, padded.
        sizes: un-padded (height, width) of each frame.
        teacher: what the teacher of a distillation sees of each
            frame, as ``LoadTeacherView`` made it. None: it sees ``raw`` without its padding.
    """

    images: Tensor
    raw: Tensor
    sizes: list[tuple[int, int]]
    teacher: list[TeacherView] | None = None

    @classmethod
    def from_inputs(cls, inputs: dict[str, Tensor], data_samples: list) -> FrameBatch:
        """Lay out N clips of T frames as B = N * T frames, clip by clip.

        Args:
            inputs: ``img`` and ``raw``, (N, T, 3, H, W), and maybe
                ``teacher_img``, N lists of T, as ``ClipDataPreprocessor`` makes them.
            data_samples: One for each clip, with ``img_shape``, and
                maybe ``teacher_key`` where there is a ``teacher_img``.

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
                teacher += [TeacherView(*view) for view in zip(clip, keys)]
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


@dataclass
class FrameFeatures:
    """One frame after the encoder.

    Attributes:
        memory: (S, C) encoded tokens of all levels, finest level first, rows first.
        spatial_shapes: (height, width) of each level.
    """

    memory: Tensor
    spatial_shapes: list[tuple[int, int]]


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
