"""What goes between "queries of this frame" and "decoder": semantics, their fusion, quality."""

from ..description import FrameDescription, FrameQualityScore, SemanticOutput
from .backbone_encoder import BackboneEncoder, TimmEncoder
from .branch import SemanticBranch
from .clip_branch import CLIPBranch
from .clip_encoder import CLIPEncoder
from .dcsd_loss import CLIPDistillLoss, DCSDLoss
from .distillation import SemanticDistillation
from .dswr import DSWR, FixedFusion, LearnedScalarFusion
from .fitted_quality import FittedFrameQuality
from .frame_quality import FrameQuality
from .image_encoder import ImageEncoder
from .mot_adapter import MOTAdapter
from .parts import QualityAssessment, SemanticAdapter, SemanticFusion, SemanticSource
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
    'FittedFrameQuality',
    'FixedFusion',
    'FrameDescription',
    'FrameQuality',
    'FrameQualityScore',
    'ImageEncoder',
    'LearnedScalarFusion',
    'MOTAdapter',
    'QualityAssessment',
    'SemanticAdapter',
    'SemanticBranch',
    'SemanticDistillation',
    'SemanticFusion',
    'SemanticOutput',
    'SemanticSource',
    'StudentEncoder',
    'TeacherProjection',
    'TeacherStore',
    'TimmEncoder',
]
