import numpy as np
import pytest
import torch

import lgmot_published as published
from vsd_mot.models.graph_tracking.candidates import candidate_edges
from vsd_mot.models.graph_tracking.clip_graph import GraphConstruction, edge_labels
from vsd_mot.models.graph_tracking.motion import ConstantVelocity, giou
from vsd_mot.models.graph_tracking.pruning import mutual_nearest
from vsd_mot.models.graph_tracking.tracklets import ClipDetections, Tracklets, vote_identity

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
    motion = ConstantVelocity(length, horizon=4).estimate(detections, tracklets)
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


@pytest.mark.parametrize('neighbours', [1, 3, 5])
def test_ties_between_neighbours_are_broken_as_published(neighbours):
    ops = published.arrays('ops')
    edges, scores = published.tensor(ops['knn_edges']), published.tensor(ops['knn_scores'])
    kept = mutual_nearest(edges, scores, int(edges.max()) + 1, neighbours)
    assert torch.equal(kept, published.tensor(ops[f'knn{neighbours}_mask']))


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


def test_identity_is_voted_as_published():
    ops = published.arrays('ops')
    cluster = published.tensor(ops['vote_cluster'])
    ours = vote_identity(published.tensor(ops['vote_ids']), cluster, int(cluster.max()) + 1)
    assert torch.equal(ours, published.tensor(ops['vote_out']))


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


def test_windows_of_clips_are_the_published_ones():
    from vsd_mot.datasets.track_clips import inference_clips, training_clips

    windows = published.numbers('windows')
    for case in windows['cases']:
        frames = case['detected_frames']
        assert [list(clip) for clip in training_clips(frames)] == case['train']
        assert [list(clip) for clip in inference_clips(frames)] == case['test']
    ours = []
    for name in published.TRAIN_CLIPS:
        frames = published.scene(name)[0].detected_frames
        ours += [[name, *clip] for clip in training_clips(frames)]
    assert ours == windows['scenes']['train']
    for name, clips in windows['scenes']['test'].items():
        frames = published.scene(name)[0].detected_frames
        assert [list(clip) for clip in inference_clips(frames)] == clips


@pytest.mark.parametrize('name', ['MOT17-01-SDP', *published.TRAIN_CLIPS])
def test_detections_are_prepared_as_published(name):
    detections, data, line = published.scene(name)
    assert np.array_equal(line, data['out_line'])
    assert np.array_equal(detections.frames, data['out_frame'])
    assert np.array_equal(detections.boxes, data['out_box'])
    assert np.array_equal(detections.identities, data['out_id'])
    assert np.array_equal(np.arange(len(detections)), data['out_detection_id'])
    feet = detections.boxes[:, :2] + detections.boxes[:, 2:] * [0.5, 1]
    np.testing.assert_array_equal(feet, data['out_feet'])
