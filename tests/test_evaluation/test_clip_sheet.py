"""Training clips as rows of pictures."""

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmtrack.structures import TrackDataSample

from vsd_mot.evaluation.clip_sheet import clip_rows
from vsd_mot.evaluation.set_browser import PROPOSAL_COLOUR


def packed_clip(**inputs):
    """Two grey frames; a person in the second, a proposal in the first."""
    sample = TrackDataSample()
    sample.gt_instances = InstanceData(
        bboxes=torch.tensor([[10.0, 10, 40, 60]]),
        instances_id=torch.tensor([3]),
        img_idx=torch.tensor([1]),
    )
    sample.proposals = InstanceData(
        bboxes=torch.tensor([[5.0, 5, 30, 50]]), img_idx=torch.tensor([0])
    )
    img = torch.full((2, 3, 80, 60), 90, dtype=torch.uint8)
    return dict(inputs=dict(img=img, **inputs), data_samples=sample)


def test_each_frame_shows_its_own_boxes():
    (row,) = clip_rows(packed_clip(), 'sample 0 of 1')
    assert row.label == 'sample 0 of 1'
    assert list(row.captions) == [
        'frame 0: 0 people, 1 proposals',
        'frame 1: 1 people, 0 proposals',
    ]
    first, second = row.images
    assert np.abs(first[20, 5].astype(int) - PROPOSAL_COLOUR).max() < 12
    assert (second[70] == 90).all()
    assert (second[35, 10] != 90).any()


def test_what_a_teacher_sees_has_a_row_of_its_own():
    view = torch.full((3, 40, 30), 7, dtype=torch.uint8)
    rows = clip_rows(packed_clip(teacher_img=[view, torch.zeros(0)]), 'sample')
    assert rows[1].label == 'sample, what the teacher sees'
    assert [image.shape for image in rows[1].images] == [(40, 30, 3)]
