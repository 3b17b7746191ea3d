"""How many objects the proposals cover."""

import json

import numpy as np
import pytest

from vsd_mot.datasets.proposals import (
    ProposalStore,
    proposal_recall,
    write_proposals,
)
from vsd_mot.datasets.proposals.recall import count_matches


def test_matches_are_one_to_one():
    objects = np.array([[0, 0, 10, 10], [0, 0, 10, 11], [50, 50, 60, 60]], np.float32)
    one = np.array([[0, 0, 10, 10]], np.float32)
    assert count_matches(one, objects) == 1, 'one proposal does not stand for two people'
    assert count_matches(np.concatenate([one, one]), objects) == 2
    assert count_matches(np.zeros((0, 4), np.float32), objects) == 0
    # Taking the best pair first would leave the second object alone.
    boxes = np.array([[0, 0, 10, 9], [0, 0, 10, 14]], np.float32)
    close = np.array([[0, 0, 10, 10], [0, 0, 10, 5]], np.float32)
    assert count_matches(boxes, close) == 2


def test_recall_of_a_set(tmp_path):
    names = [f'a/img1/{i}.jpg' for i in (1, 2)]
    boxes = np.array([[0, 0, 10, 20], [40, 40, 50, 60]], np.float32)
    write_proposals(
        tmp_path / 'p',
        [
            (names[0], (99, 99), boxes, np.array([0.9, 0.04])),
            (names[1], (99, 99), boxes[:0], np.zeros(0)),
        ],
    )
    annotations = [
        dict(image_id=1, category_id=1, bbox=[0, 0, 10, 20], visibility=1.0),
        dict(image_id=1, category_id=1, bbox=[40, 40, 10, 20], visibility=0.2),
        dict(image_id=2, category_id=1, bbox=[1, 1, 10, 20], visibility=1.0),
        dict(image_id=2, category_id=2, bbox=[1, 1, 10, 20], visibility=1.0),
    ]
    content = dict(
        images=[
            dict(id=i + 1, file_name=n, video_id=1, frame_id=i, width=99, height=99)
            for i, n in enumerate(names)
        ],
        videos=[dict(id=1, name='a')],
        categories=[dict(id=1, name='pedestrian'), dict(id=2, name='car')],
        annotations=[dict(one, id=i) for i, one in enumerate(annotations)],
    )
    (tmp_path / 'a.json').write_text(json.dumps(content))
    store = ProposalStore(tmp_path / 'p')
    report = proposal_recall(store, tmp_path / 'a.json')
    assert (report.objects, report.proposals, report.matched) == (3, 1, 1)
    assert report.precision == 1
    assert report.by_video == {'a': pytest.approx(1 / 3)}
    assert proposal_recall(store, tmp_path / 'a.json', score_thr=0.01).recall == pytest.approx(
        2 / 3
    )
    assert proposal_recall(store, tmp_path / 'a.json', min_visibility=0.5).recall == 0.5
