"""The truncated InternImage-T against the published one."""

import pytest
import torch

from hqtrack_fixtures import drawn, largest_difference, numbers, published_vmos
from vsd_mot.models.mask_tracking import TruncatedInternImage


def test_maps_are_the_published_ones():
    expected = numbers('encoder')
    vmos = published_vmos()
    with torch.no_grad():
        images = drawn('encoder.x', (1, 3, 145, 209))
        features = vmos.encode(images)
        stem = vmos.encoder.stem(images)
        block = vmos.encoder.stages[0].blocks[0](stem)
    found = dict(s4=features.finest, s8=features.fine, s16b_projected=features.coarse)
    for name, value in found.items():
        assert list(value.shape) == expected[f'{name}_shape'].tolist()
        assert largest_difference(value[:, ::4, ::3, ::3], expected[name]) < 1e-4
        assert largest_difference(value.mean((0, 2, 3)), expected[f'{name}_chmean']) < 1e-4
    for name, value in dict(stem=stem, level0_block0=block).items():
        assert largest_difference(value[:, ::3, ::3, ::4], expected[name]) < 1e-4


def test_widths_and_depths_are_arguments():
    encoder = TruncatedInternImage(
        depths=(1, 2, 1, 1), channels=(16, 32, 48, 48), groups=(1, 2, 3, 6)
    )
    maps = encoder(torch.randn(2, 3, 33, 49))
    assert [tuple(one.shape) for one in maps] == [(2, 16, 9, 13), (2, 32, 5, 7), (2, 48, 3, 4)]


def test_stages_of_different_width_at_one_scale_are_refused():
    with pytest.raises(ValueError, match='the last two of equal width'):
        TruncatedInternImage(channels=(64, 128, 256, 512))
