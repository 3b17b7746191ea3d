"""The frames a tracker looks at, with what is known of each before any network has run."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass
class FrameBatch:
    """B frames: all frames of a batch of clips, or a window of one video.

    Attributes:
        images (Tensor): (B, 3, H, W) float, normalised RGB, padded with 0 at the right and bottom.
        raw (Tensor): (B, 3, H, W) uint8 RGB, the same frames before normalisation, padded.
        sizes (list[tuple[int, int]]): un-padded (height, width) of each frame.
        teacher (list | None): what the teacher of a distillation sees of each frame, as
            ``LoadTeacherView`` made it. None: the teacher sees ``raw`` without its padding.
    """

    images: Tensor
    raw: Tensor
    sizes: list[tuple[int, int]]
    teacher: list | None = None

    def __len__(self) -> int:
        return len(self.sizes)

    def raw_frame(self, index: int) -> Tensor:
        """Frame ``index`` as it was before normalisation, (3, h, w) uint8 RGB, un-padded."""
        height, width = self.sizes[index]
        return self.raw[index, :, :height, :width]
