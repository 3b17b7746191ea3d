"""Clips of moved stills."""

import cv2
import numpy as np
import pytest

from hqtrack_fixtures import clip
from vsd_mot.datasets.mask_clips import StillMaskClips
from vsd_mot.video.label_files import write_label_map


def test_stills_are_moved(tmp_path):
    picture, label = clip(1, 65, 97, 3)[0][0], clip(1, 65, 97, 3)[1][0]
    (tmp_path / 'images').mkdir()
    cv2.imwrite(str(tmp_path / 'images/a.jpg'), picture)
    with pytest.raises(ValueError, match='no label map'):
        StillMaskClips(data_root=str(tmp_path))
    write_label_map(tmp_path / 'labels/a.png', np.where(label == 1, 255, 0))
    np.random.seed(0)
    item = StillMaskClips(data_root=str(tmp_path), clip_length=3)[0]
    assert len(item['images']) == 3
    assert set(np.unique(item['labels'][0])) == {0, 1}  # a saliency mask
    areas = [(one == 1).sum() for one in item['labels']]
    assert all(0.5 < area / areas[0] < 1.6 for area in areas)
    assert not np.array_equal(item['labels'][0], item['labels'][1])
