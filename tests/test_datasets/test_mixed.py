"""Data sets in a given proportion."""

import numpy as np
import pytest

from clip_sets import LOAD, PACK, clips
from vsd_mot.datasets import MixedClipDataset


def test_mixed_set_keeps_its_ratio(videos, stills):
    low = dict(
        type='MOTClipDataset',
        data_root=str(videos),
        ann_file='annotations/train.json',
        data_prefix=dict(img_path='train'),
        clip_length=2,
        pipeline=[LOAD, dict(type='RandomShiftClip'), PACK],
    )
    high = dict(low, data_root=str(stills), load_as_video=False)
    mixed = MixedClipDataset([low, high], ratio=[2, 1], length=30)
    assert len(mixed) == 30
    sources = [mixed.source_of(i) for i in range(30)]
    assert sources.count(0) == 20
    assert sources[:6].count(0) == 4, 'sources alternate, they are not in blocks'
    np.random.seed(0)
    seen = {mixed.get_data_info(i)['img_path'] for i in range(30) if mixed.source_of(i) == 0}
    assert len(seen) == 15, 'a source with more samples than frames is seen completely'
    assert mixed[0]['inputs']['img'].shape[0] == 2


def test_mixed_set_takes_all_of_each_source_by_default(videos, stills):
    mixed = MixedClipDataset([clips(videos), clips(stills, load_as_video=False)])
    assert len(mixed) == 17
    paths = [mixed.get_data_info(i)['img_path'] for i in range(17)]
    assert len(set(paths)) == 17


@pytest.mark.parametrize('ratio', [[1], [1, -1], [0, 0]])
def test_impossible_ratio_is_refused(videos, stills, ratio):
    with pytest.raises(ValueError, match='ratio'):
        MixedClipDataset([clips(videos), clips(stills, load_as_video=False)], ratio=ratio)
