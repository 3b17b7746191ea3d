"""The published form of HQTrack's costly parts gives the same numbers as ours."""

import torch

from hqtrack_fixtures import largest_difference
from tiny_masks import tiny_tracker
from vsd_mot.evaluation.benchmark.published_masks import published_form
from vsd_mot.models.mask_tracking import MemorySettings
from vsd_mot.models.mask_tracking.video_segmenter import VideoSegmenter


def test_both_forms_agree():
    vmos = tiny_tracker().vmos
    with torch.no_grad():
        for layer in vmos.modules():
            if hasattr(layer, 'offset'):  # as built it is 0, and nothing would be sampled between
                layer.offset.bias.normal_()
    segmenter = VideoSegmenter(vmos, MemorySettings())
    image, mask = torch.randn(3, 65, 81), torch.zeros(65, 81, dtype=torch.bool)
    mask[:30, :30] = True
    segmenter.remember(segmenter.segment(image, (65, 81)), {1: mask, 2: ~mask})
    logits = []
    segmenter.segment(image, (65, 81))
    logits.append(segmenter.logits[0])
    with published_form():
        segmenter.segment(image, (65, 81))
        logits.append(segmenter.logits[0])
    assert largest_difference(*logits) < 1e-4
    assert logits[0].std() > 0
