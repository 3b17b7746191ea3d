"""Losses of the semantic distillation."""

from .dcsd_loss import CLIPDistillLoss, DCSDLoss
from .teacher_projection import TeacherProjection

__all__ = ['CLIPDistillLoss', 'DCSDLoss', 'TeacherProjection']
