"""The teacher's tokens at the student's width and length."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PROJECTIONS = ('learned', 'orthogonal')


class TeacherProjection(nn.Module):
    """Equations 4 and 5: project the teacher's tokens and stretch them to n rows.

    Args:
        teacher_dims: Width of the teacher's tokens.
        embed_dims: Width of the student's output.
        mode: ``learned``: a linear layer trained with the student (the paper's). Together
            the two can fall to the trivial minimum where both give one vector. ``orthogonal``: a
            frozen random projection with orthonormal rows, of the tokens scaled to one length;
            its output has unit variance on average, and nothing can shrink it.

    Raises:
        ValueError: if ``mode`` is neither, or an orthogonal one would have to widen.
    """

    def __init__(self, teacher_dims: int, embed_dims: int, mode: str) -> None:
        super().__init__()
        if mode not in PROJECTIONS:
            raise ValueError(f'teacher_proj={mode!r}: choose one of {", ".join(PROJECTIONS)}')
        if mode == 'orthogonal' and teacher_dims < embed_dims:
            raise ValueError(
                f'an orthogonal projection keeps {embed_dims} of at least as many features, the '
                f"teacher has {teacher_dims}: use teacher_proj='learned'"
            )
        self.mode = mode
        self.linear = nn.Linear(teacher_dims, embed_dims, bias=mode == 'learned')
        if mode == 'orthogonal':
            nn.init.orthogonal_(self.linear.weight)
            self.requires_grad_(False)

    def forward(self, teacher: Tensor, length: int) -> Tensor:
        """Align the teacher with n queries.

        Args:
            teacher: (L, D) tokens.
            length: Number n of queries, at least 1.

        Returns:
            (n, C) aligned teacher T_align.
        """
        if teacher.shape[-1] != self.linear.in_features:
            raise ValueError(
                f'the teacher gives {teacher.shape[-1]} features and the loss expects '
                f'{self.linear.in_features}: set teacher_dims={teacher.shape[-1]} in the loss'
            )
        if self.mode == 'orthogonal':
            teacher = F.normalize(teacher, dim=-1) * math.sqrt(teacher.shape[-1])
        projected = self.linear(teacher)  # eq. 4
        if len(projected) == 1:
            return projected.expand(length, -1)
        stretched = F.interpolate(projected.t()[None], size=length, mode='linear')  # eq. 5
        return stretched[0].t()


def rms(rows: Tensor) -> Tensor:
    """Root mean square of all entries, 0-dim, without gradient."""
    return torch.sqrt(rows.detach().square().mean())
