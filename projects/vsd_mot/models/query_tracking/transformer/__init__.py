"""Deformable attention, encoder, decoder and positional encodings."""

from .attention import without_cudnn_attention
from .decoder import DecoderOutput, DeformableDecoder, PredictionHead
from .deformable_attention import DeformableAttention
from .encoder import DeformableEncoder
from .neck import BiasedChannelMapper
from .positional_encoding import box_embedding, full_precision, sine_embedding

__all__ = [
    'BiasedChannelMapper',
    'DecoderOutput',
    'DeformableAttention',
    'DeformableDecoder',
    'DeformableEncoder',
    'PredictionHead',
    'box_embedding',
    'full_precision',
    'sine_embedding',
    'without_cudnn_attention',
]
