"""Losses against the published ones."""

import pytest
import torch

from hqtrack_fixtures import numbers
from vsd_mot.models.mask_tracking.mask_losses import HardPixelCrossEntropy, SoftJaccardLoss

STORED = numbers('losses')
LOGITS = STORED['logits'][0].double()  # so that no order of summation shows in 1e-6
LABEL = STORED['label'][0].long()


@pytest.mark.parametrize('step', [0, 1000, 25000, 49999, 50000, 75000, 100000])
def test_cross_entropy_of_the_hardest_pixels(step):
    found = HardPixelCrossEntropy()(LOGITS, LABEL, step / 100000)
    assert found.item() == pytest.approx(STORED[f'ce_step{step}'].item(), rel=1e-6)


def test_cross_entropy_of_all_pixels():
    found = HardPixelCrossEntropy(share=1.0)(LOGITS, LABEL, 1.0)
    # The published one is a mean over the pixels with a label, ours over all of them.
    labelled = (LABEL != 255).double().mean()
    assert (found / labelled).item() == pytest.approx(STORED['ce_plain'].item(), rel=1e-6)


@pytest.mark.parametrize(
    ('label', 'expected'), [('label', 'jaccard'), ('label_absent', 'jaccard_class_absent')]
)
def test_jaccard(label, expected):
    found = SoftJaccardLoss()(LOGITS, STORED[label][0].long())
    assert found.item() == pytest.approx(STORED[expected].item(), rel=1e-6)


def test_a_frame_without_labels_costs_nothing():
    logits = torch.randn(3, 4, 4, requires_grad=True)
    loss = SoftJaccardLoss()(logits, torch.full((4, 4), 255))
    loss.backward()
    assert loss.item() == 0
    assert logits.grad.abs().sum() == 0
