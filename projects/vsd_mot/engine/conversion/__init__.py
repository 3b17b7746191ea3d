"""Published checkpoints of MOTRv2, VSE-MOT and Deformable DETR, converted to ours."""

from .base import Conversion, ConversionError, build_model, read_checkpoint, save_checkpoint
from .deformable_detr import convert_deformable_detr
from .motrv2 import convert_motrv2
from .vse_mot import convert_vse_mot

__all__ = [
    'Conversion',
    'ConversionError',
    'build_model',
    'convert_deformable_detr',
    'convert_motrv2',
    'convert_vse_mot',
    'read_checkpoint',
    'save_checkpoint',
]
