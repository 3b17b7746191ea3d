"""What goes between "queries of this frame" and "decoder": semantics, their fusion, quality."""

from .branch import FrameDescription, FrameQualityScore, SemanticBranch, SemanticOutput
from .clip_branch import CLIPBranch
from .clip_encoder import CLIPEncoder
from .distillation import SemanticDistillation
from .dswr import DSWR, FixedFusion, LearnedScalarFusion
from .image_encoder import ImageEncoder
from .mot_adapter import MOTAdapter
from .student import StudentEncoder
from .teacher_store import TeacherStore
from .vsfm import VSFM

__all__ = [
    'DSWR',
    'VSFM',
    'CLIPBranch',
    'CLIPEncoder',
    'FixedFusion',
    'FrameDescription',
    'FrameQualityScore',
    'ImageEncoder',
    'LearnedScalarFusion',
    'MOTAdapter',
    'SemanticBranch',
    'SemanticDistillation',
    'SemanticOutput',
    'StudentEncoder',
    'TeacherStore',
]
