"""Label maps in files."""

import numpy as np
import pytest

from vsd_mot.video.label_files import read_label_map, write_label_map


def test_label_maps_keep_identities_of_16_bits(tmp_path):
    labels = np.array([[0, 1], [255, 2017]])
    for largest in (255, 2017):
        write_label_map(tmp_path / 'map.png', np.minimum(labels, largest))
        assert np.array_equal(read_label_map(tmp_path / 'map.png'), np.minimum(labels, largest))
    with pytest.raises(ValueError, match=r'must be in 0\.\.65535'):
        write_label_map(tmp_path / 'map.png', labels * 100)


def test_a_coloured_picture_is_no_label_map(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / 'map.png'), np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(ValueError, match='3 channels of colour'):
        read_label_map(tmp_path / 'map.png')
    with pytest.raises(ValueError, match='no such label map'):
        read_label_map(tmp_path / 'other.png')
