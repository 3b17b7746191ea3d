"""Clips of a video become tracks."""

import numpy as np
import pytest
import torch

import lgmot_published as published
from lgmot_samples import build_hierarchy
from vsd_mot.datasets.track_clips import Detections
from vsd_mot.models.graph_tracking.finishing import TrackFinishing, TrackRows
from vsd_mot.models.graph_tracking.stitching import ClipStitcher, match_tracks
from vsd_mot.models.graph_tracking.tracklets import ClipDetections, Tracklets


def trained_hierarchy(**changes):
    model = build_hierarchy(published=True, **changes)
    weights = published.arrays('track_weights')
    published.load(model, {k: published.tensor(weights[k]) for k in weights})
    return model


def associate_with(model):
    return lambda clip: model.associate(ClipDetections.of(clip)).numpy()


def track(model, detections):
    stitcher = ClipStitcher(associate_with(model))
    for frame in detections.detected_frames:
        stitcher.add(detections.between(frame, frame))
    return stitcher.finish()


@pytest.mark.parametrize(
    ('name', 'rounding', 'interpolate'),
    [
        ('exact', 'ExactRounding', True),
        ('greedy', 'GreedyRounding', True),
        ('nointerp', 'ExactRounding', False),
    ],
)
def test_tracks_of_a_video_are_the_published_ones(name, rounding, interpolate):
    expected = published.numbers('track')
    detections, _, _ = published.scene('MOT17-01-SDP')
    model = trained_hierarchy(rounding=dict(type=rounding))
    tracks = track(model, detections)
    if f'{name}_merged' in expected:
        merged = expected[f'{name}_merged']
        assert tracks[merged['detection_id']].tolist() == merged['ped_id']
    finishing = TrackFinishing(interpolate=interpolate)
    rows = finishing(TrackRows(detections.frames, tracks, detections.boxes, detections.scores))
    theirs = np.array(expected[f'{name}_mot_text'])
    assert rows.frames.tolist() == theirs[:, 0].tolist()
    assert rows.tracks.tolist() == theirs[:, 1].tolist()
    np.testing.assert_allclose(
        rows.boxes + np.array([1, 1, 0, 0]), theirs[:, 2:6], rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize('window', [0, 1])
def test_scores_and_ids_of_a_clip_are_the_published_ones(window):
    expected = published.arrays('track_scores')
    detections, _, _ = published.scene('MOT17-01-SDP')
    first, last = published.numbers('windows')['scenes']['test']['MOT17-01-SDP'][window]
    inside = detections.between(first, last)
    clip, model = ClipDetections.of(inside), trained_hierarchy()
    cluster = torch.arange(len(clip))
    for level, construct in enumerate(model.levels):
        graph = construct(clip, Tracklets.of(clip, cluster))
        assert torch.equal(graph.edges, published.tensor(expected[f'w{window}_l{level}_edges']))
        logits = model.score(level, graph).logits[-1]
        theirs = published.tensor(expected[f'w{window}_l{level}_logit'])
        torch.testing.assert_close(logits, theirs, rtol=1e-4, atol=1e-4)
        cluster = model.merge(graph, logits.sigmoid())[cluster]
    ids = published.numbers('track')['exact_windows'][window]
    assert np.array_equal(model.associate(clip).numpy(), cluster.numpy())
    # The same partition: their numbers are names only.
    pairs = set(zip(cluster.tolist(), ids['ped_id']))
    assert len(pairs) == len(set(ids['ped_id'])) == int(cluster.max()) + 1


def lone_people(frames):
    """Two people who stand still, seen in some frames."""
    frames = np.repeat(np.asarray(frames), 2)
    people = np.tile([0, 1], len(frames) // 2)
    boxes = np.array([[10.0, 10, 20, 40], [200, 10, 20, 40]])[people]
    return Detections(frames, boxes, np.ones(len(frames)), np.zeros((len(frames), 4)), people)


def by_place(clip):
    return (clip.boxes[:, 0] > 100).astype(np.int64)


@pytest.mark.parametrize(
    'frames',
    [
        range(1, 500),
        [1],
        [1, 400],
        [3, 4, 5, 300, 301, 302, 700],
        list(range(1, 150)) + list(range(290, 350)),
    ],
)
def test_every_detection_gets_a_track_whatever_the_gaps(frames):
    detections = lone_people(list(frames))
    stitcher = ClipStitcher(by_place)
    for frame in detections.detected_frames:
        stitcher.add(detections.between(frame, frame))
    tracks = stitcher.finish()
    assert len(tracks) == len(detections)
    for frame in np.unique(detections.frames):
        assert len(set(tracks[detections.frames == frame])) == 2
    if max(np.diff(list(frames)), default=1) == 1:
        assert len(set(tracks)) == 2


def test_memory_holds_one_clip_however_long_the_video():
    sizes = []
    stitcher = ClipStitcher(by_place)
    for frame in range(1, 2000):
        stitcher.add(lone_people([frame]))
        sizes.append(sum(map(len, stitcher._waiting)))
    assert max(sizes) == 2 * 150
    assert len(set(stitcher.finish())) == 2


def test_frames_out_of_order_are_refused():
    stitcher = ClipStitcher(by_place)
    stitcher.add(lone_people([5]))
    with pytest.raises(ValueError, match='frame 4 comes after frame 5'):
        stitcher.add(lone_people([4]))


def test_tracks_are_matched_by_most_shared_detections():
    earlier = np.array([7, 7, 7, 3, 3, 9])
    later = np.array([1, 1, 2, 2, 2, 4])
    assert match_tracks(earlier, later) == {1: 7, 2: 3, 4: 9}
    assert match_tracks(earlier[:0], later[:0]) == {}
