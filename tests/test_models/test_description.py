"""The quality of frames, one by one and by name."""

import torch

from vsd_mot.models.description import FrameDescription, FrameQualityScore, SemanticOutput


def test_one_frame_of_several():
    values = {
        name: torch.rand(3, requires_grad=True)
        for name in ('quality', 'clarity', 'noise', 'contrast')
    }
    score = FrameQualityScore(**values).frame(1)
    for name, value in score.components().items():
        assert value == values[name][1]
        assert value.dim() == 0
        assert not value.requires_grad
    assert score.quality.requires_grad  # only what is written down is detached


def test_what_no_part_gives_is_absent():
    assert vars(FrameDescription()) == dict(quality=None, image_feature=None, teacher=None)
    first, second = SemanticOutput(torch.zeros(1, 2)), SemanticOutput(torch.zeros(1, 2))
    first.info['quality'] = torch.tensor(1.0)
    assert second.info == second.distill_losses == {}
