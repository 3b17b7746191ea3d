"""Fixtures of the tests of tuning."""

import cv2
import numpy as np
import pytest

from vsd_mot.datasets.proposals import write_proposals
from walking_people import FRAMES


@pytest.fixture
def stored(tmp_path):
    """Two people who walk; the detector is sure of one, and not of the other."""
    folder = tmp_path / 'set' / 'walk'
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    truth, frames = [], []
    for number in range(1, FRAMES + 1):
        cv2.imwrite(str(folder / 'img1' / f'{number:06d}.jpg'), np.zeros((100, 200, 3), np.uint8))
        boxes = np.array([[x, 20, x + 20, 80] for x in (10 + 2 * number, 150 - number)], 'f4')
        truth += [f'{number},{i + 1},{b[0]},{b[1]},20,60,1,1,1' for i, b in enumerate(boxes)]
        key = f'walk/img1/{number:06d}.jpg'
        frames.append((key, (100, 200), boxes, np.array([0.9, 0.4], 'f4')))
    (folder / 'gt' / 'gt.txt').write_text('\n'.join(truth))
    write_proposals(tmp_path / 'set.proposals', frames, {})
    return tmp_path
