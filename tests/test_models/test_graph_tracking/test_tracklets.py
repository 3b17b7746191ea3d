"""Tracklets of detections, and the votes for their identity."""

import torch

import lgmot_published as published
from vsd_mot.models.graph_tracking.tracklets import vote_identity


def test_identity_is_voted_as_published():
    ops = published.arrays('ops')
    cluster = published.tensor(ops['vote_cluster'])
    ours = vote_identity(published.tensor(ops['vote_ids']), cluster, int(cluster.max()) + 1)
    assert torch.equal(ours, published.tensor(ops['vote_out']))
