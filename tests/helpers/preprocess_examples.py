"""Frames with boxes and what the published preprocessing makes of them."""

import json
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


GOLDEN = json.loads((ROOT / 'tests/data/preprocess.json').read_text())


EXAMPLES = GOLDEN['box_examples']


def example_frame():
    """The frame of the golden box examples: 4 objects, 3 proposals."""
    given = EXAMPLES['input']
    boxes = np.array(given['boxes_xyxy'], np.float32)
    count = given['n_gt']
    rng = np.random.default_rng(0)
    return dict(
        img=rng.integers(0, 256, (given['h'], given['w'], 3), dtype=np.uint8),
        img_path='example.jpg',
        img_shape=(given['h'], given['w']),
        gt_bboxes=boxes[:count].copy(),
        gt_bboxes_labels=np.zeros(count, np.int64),
        gt_instances_id=np.arange(count),
        gt_ignore_flags=np.zeros(count, bool),
        proposals=boxes[count:].copy(),
        proposals_scores=np.arange(count, len(boxes)).astype(np.float32) / 10,
        is_video_data=False,
    )


def assert_like(frame, expected):
    """Boxes, scores, identities and size as the published code gives them."""
    assert frame['img'].shape[:2] == tuple(expected['out_hw'])
    boxes = np.concatenate([frame['gt_bboxes'], frame['proposals']])
    np.testing.assert_allclose(boxes, np.array(expected['boxes']), rtol=1e-5, atol=2e-5)
    assert frame['gt_instances_id'].tolist() == expected['obj_ids']
    assert len(frame['gt_bboxes_labels']) == expected['n_labels']
    proposals = len(frame['proposals'])
    np.testing.assert_allclose(frame['proposals_scores'], expected['scores'][-proposals:])
    assert frame['gt_bboxes'].dtype == frame['proposals'].dtype == np.float32


def clip_of(frames):
    return {key: [frame[key] for frame in frames] for key in frames[0]}
