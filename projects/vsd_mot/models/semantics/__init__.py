"""What goes between "queries of this frame" and "decoder": semantics, their fusion, quality."""

from .branch import FrameDescription, FrameQualityScore, SemanticBranch, SemanticOutput
from .clip_encoder import CLIPEncoder
from .distillation import SemanticDistillation
from .dswr import DSWR, FixedFusion, LearnedScalarFusion
from .image_encoder import ImageEncoder
from .student import StudentEncoder
from .teacher_store import TeacherStore

__all__ = [
    'DSWR',
    'CLIPEncoder',
    'FixedFusion',
    'FrameDescription',
    'FrameQualityScore',
    'ImageEncoder',
    'LearnedScalarFusion',
    'SemanticBranch',
    'SemanticDistillation',
    'SemanticOutput',
    'StudentEncoder',
    'TeacherStore',
]
