"""Sentences of the same words are alike."""

import torch

from vsd_mot.models.text import BagOfWordsEncoder


def test_words_make_sentences_alike():
    red, also_red, blue = BagOfWordsEncoder()(
        ['A person wearing red shirt.', 'A male person wearing red shirt.', 'A blue day.']
    )
    assert red @ also_red > 0.5
    assert abs(red @ blue) < 0.2
    torch.testing.assert_close(red.norm(), torch.tensor(1.0))
