"""Published checkpoints of MOTRv2, VSE-MOT, HQTrack, LG-MOT and what they start from, to ours."""

from .base import Conversion, build_model, save_checkpoint
from .deformable_detr import convert_deformable_detr
from .hqtrack import convert_hqtrack, convert_intern_image
from .lg_mot import convert_lg_mot, convert_lg_mot_without_prompts
from .motrv2 import convert_motrv2
from .reading import ConversionError, read_checkpoint
from .vse_mot import convert_vse_mot

__all__ = [
    'Conversion',
    'ConversionError',
    'build_model',
    'convert_deformable_detr',
    'convert_hqtrack',
    'convert_intern_image',
    'convert_lg_mot',
    'convert_lg_mot_without_prompts',
    'convert_motrv2',
    'convert_vse_mot',
    'read_checkpoint',
    'save_checkpoint',
]
