"""Time and memory of LG-MOT's association on made-up detections."""

import torch

from vsd_mot.engine.configs import find_config_file
from vsd_mot.evaluation.benchmark.graphs import build_tracker, measure_association, right_edges
from vsd_mot.models.graph_tracking.clip_graph import ClipGraph
from vsd_mot.models.graph_tracking.message_passing import EdgeScores

CONFIG = str(find_config_file('lg_mot/lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'))


def test_everybody_is_one_track():
    milliseconds, memory, tracks = measure_association(CONFIG, people=4, frames=30)
    assert tracks == 4
    assert milliseconds > 0
    assert memory > 0


def test_the_tracker_has_neither_detector_nor_encoder():
    tracker = build_tracker(CONFIG)
    assert tracker.detector is None
    assert tracker.appearance is None


def test_edges_between_equal_vectors_win_and_the_soonest_most():
    nodes = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    edges = torch.tensor([[0, 0, 0], [1, 2, 3]])
    graph = ClipGraph(
        nodes=nodes,
        edges=edges,
        edge_features=torch.tensor([[1.0], [1.0], [3.0]]),  # frames between
        labels=torch.zeros(3),
        identity=torch.zeros(4),
        clip_of_node=torch.zeros(4, dtype=torch.int64),
        clip_of_edge=torch.zeros(3, dtype=torch.int64),
    )
    network = EdgeScores(torch.zeros(2, 3), torch.zeros(2, 3, 1), torch.zeros(4, 1))
    scores = right_edges(lambda level, graph: network)(0, graph)
    same, different, later = scores.logits[-1].tolist()
    assert different < 0 < later < same
    assert scores.hidden is network.hidden
