"""Sentences by their words alone: what stands in for CLIP where its weights cannot be had."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor

# They are in every sentence of a template, and say nothing.
STOP_WORDS = frozenset(
    ('a', 'an', 'and', 'by', 'captured', 'day', 'from', 'in', 'is', 'on', 'person', 'scene')
) | {'the', 'wearing'}


@MODELS.register_module()
class BagOfWordsEncoder(BaseModule):
    """Give every word a fixed random direction, and a sentence the sum of its words'.

    Sentences are alike as far as they share words; "crimson" is as far from "red" as from "blue",
    which a trained text encoder knows better. It needs no weights and no network, and gives the
    same numbers everywhere.

    Args:
        embed_dims: Width of the features.
        normalize: Bring features to unit length.
    """

    name = 'bag of words'

    def __init__(self, embed_dims: int = 512, *, normalize: bool = True) -> None:
        super().__init__()
        self.embed_dims = embed_dims
        self.normalize = normalize

    def word(self, word: str) -> np.ndarray:
        """Direction of a word with the word before it, ``(embed_dims,)``."""
        random = np.random.RandomState(zlib.crc32(word.encode()))
        return random.standard_normal(self.embed_dims) / np.sqrt(self.embed_dims)

    def forward(self, sentences: Sequence[str]) -> Tensor:
        """Encode n sentences, ``(n, embed_dims)``."""
        features = torch.zeros(len(sentences), self.embed_dims)
        for row, sentence in enumerate(sentences):
            words = [w for w in re.findall(r'\w+', sentence.lower()) if w not in STOP_WORDS]
            # "red shirt" is not "red pants": a word counts with its follower, too.
            pairs = [' '.join(pair) for pair in pairwise(words)]
            total = sum((self.word(word) for word in [*words, *pairs]), np.zeros(self.embed_dims))
            features[row] = torch.from_numpy(total)
        return torch.nn.functional.normalize(features) if self.normalize else features
