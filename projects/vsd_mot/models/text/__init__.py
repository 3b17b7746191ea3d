"""Encoders of sentences, and what fills sentences from pictures."""

from .bag_of_words import BagOfWordsEncoder
from .clip_text import CLIPTextEncoder
from .describer import ZeroShotDescriber

__all__ = ['BagOfWordsEncoder', 'CLIPTextEncoder', 'ZeroShotDescriber']
