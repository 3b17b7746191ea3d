"""Looking through a set."""

import numpy as np

from vsd_mot.datasets.converters.gt_rows import FrameImage
from vsd_mot.evaluation.set_browser import PROPOSAL_COLOUR, SetBrowser


def test_boxes_and_proposals_are_drawn_where_they_are(synthetic_set, tmp_path):
    proposals = synthetic_set / 'proposals' / 'val.proposals'
    browser = SetBrowser(synthetic_set, sequences='SYN-V01', proposals=proposals)
    boxes = browser.store['val/SYN-V01/img1/000001.jpg'].boxes
    picture = np.zeros((112, 192, 3), np.uint8)

    count = browser.draw_proposals(picture, FrameImage('val/SYN-V01/img1/000001.jpg', 1, 192, 112))
    assert count == len(boxes)
    x1, y1, x2, y2 = np.rint(boxes[0]).astype(int).clip(1, (190, 110, 190, 110))
    white = (picture == PROPOSAL_COLOUR).all(-1)
    assert white[y1 : y2 + 1, x1].any() or white[y1, x1 : x2 + 1].any()
    assert white.sum() < 0.5 * white.size
