"""The graph of each level."""

import pytest
import torch

import lgmot_published as published
from vsd_mot.models.graph_tracking.candidates import candidate_edges
from vsd_mot.models.graph_tracking.clip_graph import GraphConstruction, edge_labels
from vsd_mot.models.graph_tracking.tracklets import ClipDetections, Tracklets

WINDOWS = (5, 25, 75, 150)


TOLERANCE = dict(rtol=1e-5, atol=1e-5)


def level(number):
    if number == 0:
        return GraphConstruction(5, dict(type='GeometryPruning'))
    span = WINDOWS[number - 1]
    return GraphConstruction(
        WINDOWS[number],
        dict(type='MotionAppearancePruning', motion_weight=0.05),
        dict(type='ConstantVelocity', length=span, horizon=span),
    )


def published_cluster(number, detections):
    """Tracklet of each detection at a level, by the published merges."""
    data = published.arrays('construct_clip0')
    cluster = torch.arange(len(detections))
    for below in range(number):
        cluster = published.tensor(data[f'l{below}_clusters'])[cluster]
    return cluster


@pytest.mark.parametrize('number', range(4))
def test_graph_of_a_level_is_the_published_one(number):
    data = published.arrays('construct_clip0')
    expected = {k[3:]: published.tensor(data[k]) for k in data if k.startswith(f'l{number}_')}
    detections = published.clip(0)
    tracklets = Tracklets.of(detections, published_cluster(number, detections))

    assert torch.equal(torch.stack([tracklets.start, tracklets.end], 1), expected['node_frames'])
    assert torch.equal(tracklets.identity, expected['node_id'])
    for ours, theirs in (
        (tracklets.first_box, 'node_first_box'),
        (tracklets.last_box, 'node_last_box'),
        (tracklets.appearance[:, :4], 'node_reid_head'),
    ):
        torch.testing.assert_close(ours, expected[theirs], **TOLERANCE)

    construction = level(number)
    raw = candidate_edges(tracklets.start, tracklets.end, construction.window)
    assert torch.equal(raw, expected['raw_edges'])
    score = None
    if number:
        motion = construction.motion.estimate(detections, tracklets)
        known = motion.known
        assert torch.equal(~known, expected['motion_ignored'])
        torch.testing.assert_close(motion.forward[known], expected['motion_fwd_vel'], **TOLERANCE)
        torch.testing.assert_close(motion.backward[known], expected['motion_bwd_vel'], **TOLERANCE)
        horizon = construction.motion.horizon
        ahead = tracklets.last_box + horizon * motion.forward
        behind = tracklets.first_box + horizon * motion.backward
        torch.testing.assert_close(ahead[known], expected['motion_fwd_last'], **TOLERANCE)
        torch.testing.assert_close(behind[known], expected['motion_bwd_last'], **TOLERANCE)
        score = construction.motion.score(motion, tracklets, raw)
        torch.testing.assert_close(score, expected['raw_giou'], **TOLERANCE)
    costs = construction.pruning.costs(tracklets, raw, score)
    torch.testing.assert_close(costs, expected['raw_score'], **TOLERANCE)
    kept = construction.pruning(tracklets, raw, score)
    assert torch.equal(kept, expected['kept_mask'])

    graph = construction(detections, tracklets)
    half = graph.edges.shape[1] // 2
    assert torch.equal(graph.edges[:, :half], expected['edges'])
    assert torch.equal(graph.edges[:, half:], expected['edges'].flip(0))
    torch.testing.assert_close(graph.edge_features[:half], expected['edge_attr'], **TOLERANCE)
    assert torch.equal(graph.edge_features[:half], graph.edge_features[half:])
    assert torch.equal(graph.labels, expected['labels'].float())
    edge_mask = (graph.identity[graph.edges] >= 0).all(dim=0)
    assert torch.equal(edge_mask, expected['edge_mask'])


def test_labels_of_the_two_directions_may_differ():
    ops = published.arrays('ops')
    start, end = published.tensor(ops['label_start']), published.tensor(ops['label_end'])
    count = len(start)
    tracklets = Tracklets(
        start, end, torch.ones(count, 4), torch.ones(count, 4), torch.zeros(count, 0),
        published.tensor(ops['label_ids']), torch.arange(count),
    )  # fmt: skip
    labels = edge_labels(tracklets, published.tensor(ops['label_edges']))
    assert torch.equal(labels, published.tensor(ops['label_out']))


def test_clip_without_detections_gives_an_empty_graph():
    detections = ClipDetections(
        torch.zeros(0, dtype=torch.long), torch.zeros(0, 4), torch.zeros(0, 8),
        torch.zeros(0, dtype=torch.long), 30.0,
    )  # fmt: skip
    tracklets = Tracklets.of(detections, torch.zeros(0, dtype=torch.long))
    for number in range(4):
        graph = level(number)(detections, tracklets)
        assert graph.edges.shape == (2, 0)
        assert graph.edge_features.shape == (0, level(number).feature_count)
