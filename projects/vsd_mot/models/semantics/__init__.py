"""What goes between "queries of this frame" and "decoder": semantics, their fusion, quality."""

from .backbone_encoder import BackboneEncoder, TimmEncoder
from .branch import FrameDescription, FrameQualityScore, SemanticBranch, SemanticOutput
from .clip_branch import CLIPBranch
from .clip_encoder import CLIPEncoder
from .dcsd_loss import CLIPDistillLoss, DCSDLoss
from .distillation import SemanticDistillation
from .dswr import DSWR, FixedFusion, LearnedScalarFusion
from .frame_quality import FrameQuality
from .image_encoder import ImageEncoder
from .mot_adapter import MOTAdapter
from .student import StudentEncoder
from .teacher_projection import TeacherProjection
from .teacher_store import TeacherStore
from .vsfm import VSFM

__all__ = [
    'DSWR',
    'VSFM',
    'BackboneEncoder',
    'CLIPBranch',
    'CLIPDistillLoss',
    'CLIPEncoder',
    'DCSDLoss',
    'FixedFusion',
    'FrameDescription',
    'FrameQuality',
    'FrameQualityScore',
    'ImageEncoder',
    'LearnedScalarFusion',
    'MOTAdapter',
    'SemanticBranch',
    'SemanticDistillation',
    'SemanticOutput',
    'StudentEncoder',
    'TeacherProjection',
    'TeacherStore',
    'TimmEncoder',
]
