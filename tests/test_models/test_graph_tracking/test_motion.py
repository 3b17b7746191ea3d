"""Constant velocity and the overlap of what it predicts."""

import pytest
import torch

import lgmot_published as published
from vsd_mot.models.graph_tracking.motion import ConstantVelocity, giou
from vsd_mot.models.graph_tracking.tracklets import ClipDetections, Tracklets

TOLERANCE = dict(rtol=1e-5, atol=1e-5)


def test_giou_is_the_published_one():
    ops = published.arrays('ops')
    ours = giou(published.tensor(ops['giou_a_cxcywh']), published.tensor(ops['giou_b_cxcywh']))
    torch.testing.assert_close(ours, published.tensor(ops['giou_giou']), **TOLERANCE)


@pytest.mark.parametrize('length', [5, 25])
def test_motion_of_tracklets_with_gaps_is_the_published_one(length):
    ops = published.arrays('ops')
    count = len(ops['motion_frame'])
    detections = ClipDetections(
        frames=published.tensor(ops['motion_frame']),
        boxes=published.tensor(ops['motion_cxcywh']),
        appearance=torch.zeros(count, 0),
        identities=torch.full((count,), -1),
        frame_rate=30.0,
    )
    tracklets = Tracklets.of(detections, published.tensor(ops['motion_cluster']))
    motion = ConstantVelocity(length=length, horizon=4).estimate(detections, tracklets)
    prefix = f'motion{length}_'
    ignored = published.tensor(ops[prefix + 'x_ignore_traj'])
    assert torch.equal(motion.known, ~ignored)
    steps = torch.arange(1, 5)[:, None]
    for name, velocity, tip in (
        ('fwrd', motion.forward, tracklets.last_box),
        ('bwrd', motion.backward, tracklets.first_box),
    ):
        expected = published.tensor(ops[f'{prefix}{name}_vel'])
        torch.testing.assert_close(velocity[~ignored], expected, **TOLERANCE)
        ahead = tip[~ignored][:, None] + steps * velocity[~ignored][:, None]
        expected = published.tensor(ops[f'{prefix}{name}_pred4'])
        torch.testing.assert_close(ahead, expected, **TOLERANCE)
