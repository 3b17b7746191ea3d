"""Distillation in training: the teacher beside the model, its loss, and the total loss."""

from __future__ import annotations

import logging

import torch
from mmengine.logging import print_log
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..frames import FrameBatch, TeacherView
from .image_encoder import ImageEncoder
from .teacher_store import TeacherStore


@MODELS.register_module()
class SemanticDistillation(BaseModule):
    """What only training needs of VSD-MOT.

    The teacher is no submodule: it is built when a training step first asks for it, follows the
    frames' device, and is neither in ``parameters()`` nor in a checkpoint.

    Args:
        teacher: Config of an ``ImageEncoder`` with trained weights.
        loss: Config of the distillation loss.
        alpha: Share of the distillation in the total loss (equation 15). Raising it brings the
            student nearer to the teacher and takes weight from tracking. With 0 there is no
            distillation, and no teacher is built. Defaults to 0.4, the best of table VII.
        store: Folder of stored teacher features. Views that bring a key (see
            ``LoadTeacherView``) are encoded once and read from then on.
        spread_floor: A spread of the student's output below it is a collapse; it is
            warned of once. Raising it warns earlier.

    Raises:
        ValueError: if ``alpha`` is not in [0, 1).
    """

    def __init__(
        self,
        *,
        teacher: dict,
        loss: dict,
        alpha: float = 0.4,
        store: str | None = None,
        spread_floor: float = 0.05,
    ) -> None:
        super().__init__()
        if not 0 <= alpha < 1:
            raise ValueError(f'alpha={alpha}: the share of the distillation is in [0, 1)')
        self.alpha = alpha
        self.loss: nn.Module = MODELS.build(loss)
        if alpha == 0:
            # parameters that never get a gradient would make distributed training wait for one
            self.loss.requires_grad_(False)
        self.spread_floor = spread_floor
        self._warned = False
        self._teacher_config = teacher
        # a list: nn.Module would register a module put directly into an attribute
        self._teacher: list[ImageEncoder] = []
        self._store_folder = store
        self._store: TeacherStore | None = None

    def teacher(self, device: torch.device | str = 'cpu') -> ImageEncoder:
        """Return the teacher on a device, built at the first call.

        Raises:
            ValueError: if its config asks for no trained weights.
        """
        if not self._teacher:
            teacher: ImageEncoder = MODELS.build(self._teacher_config)
            if not teacher.has_weights:
                raise ValueError(
                    f'{teacher.name} has random weights, which teach nothing: name its weights in '
                    'the config of the teacher'
                )
            self._teacher.append(teacher)
            if self._store_folder is not None:
                self._store = TeacherStore(self._store_folder, teacher)
        return self._teacher[0].to(device)

    def teach(self, frames: FrameBatch) -> list[Tensor]:
        """Take the tokens of B frames from the store, or from the teacher.

        Args:
            frames: The frames, with or without teacher views.

        Returns:
            For each frame (L, D) tokens, without gradient, on the frames' device.
        """
        device = frames.raw.device
        teacher = self.teacher(device)
        if frames.teacher is None:
            return list(teacher([frames.raw_frame(index) for index in range(len(frames))]))
        views = frames.teacher
        tokens = {
            index: stored
            for index, view in enumerate(views)
            if (stored := self._read(view)) is not None
        }
        missing = [index for index in range(len(views)) if index not in tokens]
        if missing:
            fresh = teacher([views[index].image.to(device) for index in missing])
            for index, of_frame in zip(missing, fresh):
                tokens[index] = of_frame
                self._keep(views[index], of_frame)
        return [tokens[index].to(device) for index in range(len(views))]

    def _read(self, view: TeacherView) -> Tensor | None:
        """Return the tokens of a view, where they are stored."""
        if self._store is None or view.key is None:
            return None
        return self._store.get(view.key)

    def _keep(self, view: TeacherView, tokens: Tensor) -> None:
        """Store the tokens of a view, where there is a store and the view has a key."""
        if self._store is not None and view.key is not None:
            self._store.put(view.key, tokens)

    def forward(self, student: Tensor, teacher: Tensor) -> dict[str, Tensor]:
        """Distil one frame.

        Args:
            student: (n, C) student output.
            teacher: (L, D) teacher tokens.

        Returns:
            What the loss returns, and ``student``, the detached output, for the collapse
            measure; an empty dictionary for n = 0.
        """
        if len(student) == 0:
            return {}
        return {**self.loss(student, teacher), 'student': student.detach()}

    def total_loss(
        self, mot_losses: dict[str, Tensor], distill: list[dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Weigh by equation 15: ``alpha * L_distill + (1 - alpha) * L_mot``.

        Args:
            mot_losses: The tracker's losses by name; all are scaled.
            distill: ``forward``'s result for every frame.

        Returns:
            The scaled losses, ``loss_distill`` (mean over frames, scaled), and
            for the log the means of the loss's own values and the collapse measure
            ``student_spread``.
        """
        total = {
            name: value * (1 - self.alpha) if 'loss' in name else value
            for name, value in mot_losses.items()
        }
        frames = [frame for frame in distill if frame]
        if not frames:
            return total
        for name in frames[0]:
            if name != 'student':
                total[name] = torch.stack([frame[name] for frame in frames]).mean()
        total['loss_distill'] = self.alpha * total['loss_distill']
        total['student_spread'] = student_spread(torch.cat([f['student'] for f in frames]))
        self._warn_of_collapse(total['student_spread'])
        return total

    def _warn_of_collapse(self, spread: Tensor) -> None:
        if self._warned or float(spread) >= self.spread_floor:
            return
        self._warned = True
        print_log(
            f'the student has collapsed: its output differs by only {float(spread):.1e} over '
            'queries and frames (student_spread in the log). The semantics carry no information '
            "any more; try teacher_proj='orthogonal', tokens='grid' or a smaller alpha",
            logger='current',
            level=logging.WARNING,
        )


def student_spread(outputs: Tensor) -> Tensor:
    """Measure collapse: how much the student's output differs over queries and frames.

    The standard deviation over rows, root mean square over channels, divided by the size of the
    rows where that is above 1 (the size of MOTRv2's query contents). It falls to 0 both when all
    rows become one vector and when all vanish.

    Args:
        outputs: (n, C) outputs of all queries of all frames of a batch, n at least 1.

    Returns:
        0-dim, in [0, 1].
    """
    outputs = outputs.float()
    deviation = outputs.var(dim=0, unbiased=False).mean().sqrt()
    return deviation / outputs.square().mean().sqrt().clamp(min=1)
