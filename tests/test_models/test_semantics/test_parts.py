"""Somebody's own source, adapter, fusion and quality, from a file of theirs, in the branch."""

import pytest
import torch
from mmtrack.registry import MODELS

from vsd_mot.models.description import FrameQualityScore
from vsd_mot.models.semantics import (
    SemanticAdapter,
    SemanticFusion,
    SemanticSource,
)
from vsd_samples import contents, frame_batch, noise_frame, vsd_branch


@MODELS.register_module()
class BrightnessSource(SemanticSource):
    """Semantics: the mean grey value of the frame."""

    def describe(self, frames):
        return torch.stack([frames.raw_frame(i).float().mean()[None] for i in range(len(frames))])

    def forward(self, contents, description):
        return description.image_feature.expand(len(contents), contents.shape[1])


@MODELS.register_module()
class NegativeAdapter(SemanticAdapter):
    def forward(self, semantics, contents):
        return -semantics


@MODELS.register_module()
class SumFusion(SemanticFusion):
    needs_quality = True

    def forward(self, semantics, contents, quality):
        return contents + quality.quality * semantics, None


@MODELS.register_module()
class HalfQuality(torch.nn.Module):
    def forward(self, frames):
        half = torch.tensor(0.5)
        score = FrameQualityScore(quality=half, clarity=half, noise=half, contrast=half)
        return [score] * len(frames)


OWN = dict(
    source=dict(type='BrightnessSource'),
    adapter=dict(type='NegativeAdapter'),
    fusion=dict(type='SumFusion'),
    quality=dict(type='HalfQuality'),
    distillation=None,
)


def test_own_parts_make_a_branch():
    branch = vsd_branch(**OWN)
    frames = [noise_frame(0), noise_frame(1)]
    descriptions = branch.describe(frame_batch(*frames, padding=5))
    for frame, description in zip(frames, descriptions):
        output = branch(contents(4), description)
        expected = contents(4) - 0.5 * frame.float().mean()
        torch.testing.assert_close(output.contents, expected)
        assert output.info == dict.fromkeys(('quality', 'clarity', 'noise', 'contrast'), 0.5)
        assert not output.distill_losses


def test_one_part_of_ones_own_goes_with_the_others():
    branch = vsd_branch(fusion=dict(type='SumFusion'))
    description = branch.describe(frame_batch(noise_frame(0)))[0]
    output = branch(contents(4), description)
    expected = contents(4) + description.quality.quality * branch.source(contents(4), description)
    torch.testing.assert_close(output.contents, expected)


def test_a_part_of_another_base_is_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r'derive it from .*SemanticFusion'):
        vsd_branch(fusion=dict(type='NegativeAdapter'))


def test_a_fusion_that_needs_a_quality_is_refused_without():
    with pytest.raises(ValueError, match='SumFusion weighs by the quality of the frame'):
        vsd_branch(**{**OWN, 'quality': None})
