"""Memories of frames are joined and cut by tokens."""

import torch

from vsd_mot.models.mask_tracking.memory_frames import LayerMemory


def memory(count, start):
    keys = torch.arange(start, start + 2 * count).reshape(1, count, 2)
    return LayerMemory(keys, torch.cat((keys, -keys), dim=-1))


def test_memories_are_joined_in_their_order_and_cut_again():
    first, second = memory(3, 0), memory(2, 100)
    both = LayerMemory.cat((first, second))
    assert both.keys.shape == (1, 5, 2)
    assert both.values.shape == (1, 5, 4)
    for part, (start, stop) in ((first, (0, 3)), (second, (3, 5))):
        cut = both.tokens(start, stop)
        assert torch.equal(cut.keys, part.keys)
        assert torch.equal(cut.values, part.values)
