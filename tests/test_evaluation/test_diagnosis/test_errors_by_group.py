"""Errors by size, speed, occlusion and quality."""

import numpy as np

from vsd_mot.evaluation.diagnosis import diagnose, error_table


def rows(*items: tuple) -> np.ndarray:
    """Frame, identity and x of boxes of 10 x 20, as read from a file."""
    return np.array([[f, i, x, 0, 10, 20, 1, 1, 1] for f, i, x in items], float).reshape(-1, 9)


def test_groups_share_all_objects_and_the_table_names_them():
    truth = rows(*((f, i, 30 * i + 3 * f) for f in range(1, 6) for i in range(3)))
    truth[truth[:, 1] == 1, 5] = 80
    part = diagnose(truth, truth[truth[:, 1] != 2], {f: f / 6 for f in range(1, 6)})
    for kind in (('small', 'medium (50', 'large'), ('free', 'partly', 'hidden'), ('bad', 'good')):
        masks = [mask for name, mask in part.groups.items() if name.startswith(kind)]
        assert np.sum(masks, axis=0).max() == 1
    table = error_table([part])
    assert '33.3' in table.splitlines()[2]
    assert 'false results: 0 of 10' in table
