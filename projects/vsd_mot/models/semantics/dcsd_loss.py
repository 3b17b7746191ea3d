"""Dual-Constraint Semantic Distillation, and the plain distillation it is compared with."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from .teacher_projection import TeacherProjection, rms


@MODELS.register_module()
class DCSDLoss(BaseModule):
    """Dual-Constraint Semantic Distillation (VSD-MOT section III-B, equations 4 to 12).

    With a teacher of one token all rows of the aligned teacher are the same, so the attention of
    equation 8 has no effect and the local term pulls every query to one vector. It is with a grid
    of tokens that equations 5 to 9 mean something.

    Args:
        embed_dims: Width C of the student's output.
        teacher_dims: Width D of the teacher's tokens.
        tau: Temperature of the attention. Raising it spreads a query's target over more of the
            teacher's rows.
        teacher_proj: 'learned' or 'orthogonal', see ``TeacherProjection``.
        term_weights: Weights of the local and the global term, at the start if they are learned;
            scaled to sum to 1. More of the first pulls every query to its own target, more of
            the second only their mean.
        learn_weights: Whether the term weights are learned. They may slide to whichever
            term is smaller; the log has them.

    Raises:
        ValueError: A weight or the temperature is not above 0.
    """

    def __init__(
        self,
        embed_dims: int = 256,
        teacher_dims: int = 1024,
        *,
        tau: float = 2.0,
        teacher_proj: str = 'learned',
        term_weights: tuple[float, float] = (0.5, 0.5),
        learn_weights: bool = True,
    ) -> None:
        super().__init__()
        if min(term_weights) <= 0:
            raise ValueError(f'term_weights={term_weights}: both must be above 0')
        if tau <= 0:
            raise ValueError(f'tau={tau}: the temperature must be above 0')
        self.tau = tau
        self.teacher_proj = TeacherProjection(teacher_dims, embed_dims, teacher_proj)
        self.weight_logits = nn.Parameter(
            torch.tensor(term_weights, dtype=torch.float32).log(), requires_grad=learn_weights
        )

    def forward(self, student: Tensor, teacher: Tensor) -> dict[str, Tensor]:
        """Distil one frame.

        Args:
            student: (n, C) student output S, n at least 1.
            teacher: (L, D) teacher tokens T.

        Returns:
            ``loss_distill`` (equation 12), and for the log its terms, their weights and the size
            of the projected teacher.
        """
        aligned = self.teacher_proj(teacher, len(student))  # (n, C), eq. 4-5
        similarity = F.normalize(student, dim=-1) @ F.normalize(aligned, dim=-1).t()  # eq. 6-7
        attention = torch.softmax(similarity / self.tau, dim=-1)  # (n, n), eq. 8
        weighted = attention @ aligned  # eq. 9
        local_term = F.mse_loss(student, weighted)  # eq. 10
        global_term = F.l1_loss(student.mean(dim=0), aligned.mean(dim=0))  # eq. 11
        local_weight, global_weight = torch.softmax(self.weight_logits, dim=0)
        return {
            'loss_distill': local_weight * local_term + global_weight * global_term,  # eq. 12
            'distill_local': local_term.detach(),
            'distill_global': global_term.detach(),
            'distill_local_weight': local_weight.detach(),
            'teacher_rms': rms(aligned),
        }


@MODELS.register_module()
class CLIPDistillLoss(BaseModule):
    """Plain distillation: each row of the student is pulled to the projected teacher.

    The rung of table V below DCSD.

    Args:
        embed_dims: Width C of the student's output.
        teacher_dims: Width D of the teacher's tokens.
        teacher_proj: 'learned' or 'orthogonal', see ``TeacherProjection``.
    """

    def __init__(
        self, embed_dims: int = 256, teacher_dims: int = 1024, *, teacher_proj: str = 'learned'
    ) -> None:
        super().__init__()
        self.teacher_proj = TeacherProjection(teacher_dims, embed_dims, teacher_proj)

    def forward(self, student: Tensor, teacher: Tensor) -> dict[str, Tensor]:
        """Distil one frame.

        Args:
            student: (n, C) student output S, n at least 1.
            teacher: (L, D) teacher tokens T.

        Returns:
            ``loss_distill``, and for the log the size of the projected teacher.
        """
        aligned = self.teacher_proj(teacher, len(student))
        return {'loss_distill': F.mse_loss(student, aligned), 'teacher_rms': rms(aligned)}
