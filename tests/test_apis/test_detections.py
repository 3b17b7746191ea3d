"""Detections of a frame in every form that detectors give them."""

import numpy as np
import pytest
import supervision as sv
import torch
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData

from vsd_mot.apis import Detections, as_detections
from vsd_mot.errors import ProposalError

BOXES = np.array([[10, 20, 40, 60], [5.5, 5, 25, 45]])
SCORES = np.array([0.75, 0.5])
LABELS = np.array([2, 0])
INSTANCES = InstanceData(
    bboxes=torch.tensor(BOXES), scores=torch.tensor(SCORES), labels=torch.tensor(LABELS)
)
FORMS = {
    'ours': Detections(BOXES, SCORES, LABELS, {}),
    'array': np.column_stack((BOXES, SCORES, LABELS)),
    'list': np.column_stack((BOXES, SCORES, LABELS)).tolist(),
    'tensor': torch.tensor(np.column_stack((BOXES, SCORES, LABELS))).requires_grad_(),
    'columns': (BOXES, SCORES, LABELS),
    'tensors': (torch.tensor(BOXES), torch.tensor(SCORES), torch.tensor(LABELS)),
    'dictionary of torchvision': dict(boxes=torch.tensor(BOXES), scores=SCORES, labels=LABELS),
    'supervision': sv.Detections(BOXES, confidence=SCORES, class_id=LABELS),
    'InstanceData': INSTANCES,
    'DetDataSample': DetDataSample(pred_instances=INSTANCES),
}


@pytest.mark.parametrize('form', FORMS)
def test_all_forms_give_the_same(form):
    boxes, scores, labels, names = as_detections(FORMS[form])
    assert (boxes.dtype, scores.dtype, labels.dtype) == (np.float32, np.float32, np.int64)
    assert np.array_equal(boxes, BOXES.astype(np.float32))
    assert (scores.tolist(), labels.tolist(), names) == ([0.75, 0.5], [2, 0], {})


@pytest.mark.parametrize(
    'nobody', [None, [], np.zeros((0, 4)), np.zeros((0, 6)), sv.Detections.empty(), InstanceData(
        bboxes=torch.zeros(0, 4), scores=torch.zeros(0), labels=torch.zeros(0))]
)  # fmt: skip
def test_nobody(nobody):
    assert [len(part) for part in as_detections(nobody)] == [0, 0, 0, 0]
    assert as_detections(nobody).boxes.shape == (0, 4)


def test_what_is_not_said_is_certain_and_of_the_first_class():
    detections = as_detections(BOXES)
    assert (detections.scores.tolist(), detections.labels.tolist()) == ([1, 1], [0, 0])
    assert as_detections((BOXES, SCORES)).scores.tolist() == [0.75, 0.5]


def test_names_of_supervision_are_kept():
    data = dict(class_name=np.array(['car', 'person']))
    detections = as_detections(sv.Detections(BOXES, class_id=LABELS, data=data))
    assert detections.names == {2: 'car', 0: 'person'}


@pytest.mark.parametrize(
    ('value', 'message'),
    [
        (np.zeros((2, 3)), r'boxes have the shape \(2, 3\), and must be an array \(P, 4\)'),
        (np.zeros(4), r'the shape \(4,\)'),
        (np.full((1, 4), np.nan), 'boxes hold numbers that are not finite'),
        ((BOXES, [0.5, np.inf]), 'scores hold numbers that are not finite'),
        (BOXES / 100, 'seem to be normalised; multiply them by'),
        ([[40, 20, 10, 60]], r'the box \(40, 20, 10, 60\) ends before it begins'),
        ([[0, 0, 1e7, 5]], 'a box beyond 1e\\+06 pixels'),
        ((BOXES, [0.5]), '1 scores of 2 boxes'),
        ((BOXES, SCORES, [1]), '1 labels of 2 boxes'),
        ((BOXES, [50, 80]), 'scores from 50 to 80 are not from 0 to 1'),
        ((BOXES, [-1, 0.5]), 'scores from -1 to 0.5'),
        ((BOXES, SCORES, [0.5, 1]), 'labels must be whole numbers from 0'),
        ((BOXES, SCORES, [-1, 1]), 'labels must be whole numbers from 0'),
        ((BOXES,), 'a tuple of 1'),
        (dict(bbox=BOXES), 'a dictionary without boxes'),
        ('boxes', 'boxes are no numbers'),
        (object(), 'boxes are no numbers'),
        ((np.column_stack((BOXES, SCORES)), SCORES), 'scores are there twice'),
        (np.tile([0, 0, 9, 9], (5001, 1)), '5001 detections in one frame, at most 5000'),
    ],
)
def test_what_cannot_be_is_said(value, message):
    with pytest.raises(ProposalError, match=f'^frame 7: .*{message}'):
        as_detections(value, 'frame 7', (640, 480))
