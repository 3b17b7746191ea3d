"""Time and memory of LG-MOT's association on made-up detections."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

import numpy as np
import torch
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from ...engine.configs import load_config
from ...models.graph_tracking.clip_graph import ClipGraph
from ...models.graph_tracking.message_passing import EdgeScores
from ...models.graph_tracking.tracker import GraphTracker
from .meter import peak_memory

HEIGHT, WIDTH = 1080, 1920
PERSON = (60, 150)


def build_tracker(path: str) -> GraphTracker:
    """Build a tracker without detector and encoder, whose network scores and does not decide."""
    register_all_modules(init_default_scope=True)
    config = load_config(path).model
    config.update(detector=None, appearance=None)
    torch.manual_seed(0)
    tracker = MODELS.build(config).eval()
    tracker.hierarchy.score = right_edges(tracker.hierarchy.score)
    return tracker


def right_edges(score: Callable[[int, ClipGraph], EdgeScores]) -> Callable:
    """Run a network and give the edges between equal vectors, the soonest best."""

    def scored(level: int, graph: ClipGraph) -> EdgeScores:
        scores = score(level, graph)
        one, other = graph.nodes[graph.edges]
        same = torch.isclose(one, other, atol=1e-2).all(dim=1)
        logits = torch.where(same, 5 - graph.edge_features[:, 0], torch.tensor(-5.0))
        return EdgeScores(logits[None], scores.edges, scores.hidden)

    return scored


def measure_association(config: str, people: int, frames: int) -> tuple[float, float, int]:
    """Track people who move evenly and are detected in nine of ten frames.

    Args:
        config: Config file of an LG-MOT.
        people: How many.
        frames: Of the video.

    Returns:
        Milliseconds of CPU a frame, peak memory of this process in MiB, number of tracks.
    """
    tracker = build_tracker(config)
    random = np.random.default_rng(0)
    width = cast(int, next(iter(tracker.hierarchy.networks)).node_features)
    looks = random.normal(size=(people, width)).astype(np.float32)
    free = np.array([WIDTH, HEIGHT]) - PERSON
    start, velocity = random.uniform(0, 1, (people, 2)) * free, random.normal(0, 2, (people, 2))
    run = tracker.start_video()
    seconds = time.process_time()
    for frame in range(1, frames + 1):
        # At the border they turn round.
        way = (start + velocity * frame) % (2 * free)
        corner = np.minimum(way, 2 * free - way)
        detected = np.flatnonzero(random.random(people) < 0.9)
        run.add(
            frame,
            boxes=np.concatenate([corner, corner + PERSON], axis=1)[detected],
            scores=np.full(len(detected), 0.9),
            size=(HEIGHT, WIDTH),
            describe=looks[detected].__getitem__,
        )
    tracks = len(np.unique(run.finish().tracks))
    return 1000 * (time.process_time() - seconds) / frames, peak_memory('cpu'), tracks
