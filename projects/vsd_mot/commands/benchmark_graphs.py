"""CPU time and memory of LG-MOT's association, by the number of people and of frames.

python tools/analysis_tools/benchmark_graphs.py configs/lg_mot/CONFIG.py --people 10 60
python tools/analysis_tools/benchmark_graphs.py configs/lg_mot/CONFIG.py --frames 3000 30000

People move evenly through 1920 x 1080 and are detected in nine of ten frames; detector and
appearance encoder are not part of it. The network runs with random weights, so that its cost
counts, and the right edges are taken in its place. Each row is a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from ..engine.configs import load_config
from ..evaluation.benchmark.meter import peak_memory
from ..models.graph_tracking.clip_graph import ClipGraph
from ..models.graph_tracking.message_passing import EdgeScores
from ..models.graph_tracking.tracker import GraphTracker
from .command_line import command_parser
from .user_errors import one_line_errors

HEIGHT, WIDTH = 1080, 1920
PERSON = (60, 150)


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('config', help='of an LG-MOT')
    parser.add_argument('--people', type=int, nargs='+', default=[10], metavar='N')
    parser.add_argument('--frames', type=int, nargs='+', default=[300], metavar='N')
    return parser.parse_args(args)


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
        found = score(level, graph)
        one, other = graph.nodes[graph.edges]
        same = torch.isclose(one, other, atol=1e-2).all(dim=1)
        logits = torch.where(same, 5 - graph.edge_features[:, 0], torch.tensor(-5.0))
        return EdgeScores(logits[None], found.edges, found.hidden)

    return scored


def measure(config: str, people: int, frames: int) -> tuple[float, float, int]:
    """Track made-up detections; milliseconds of CPU a frame, peak memory in MiB, tracks."""
    tracker = build_tracker(config)
    random = np.random.default_rng(0)
    width = tracker.hierarchy.networks[0].node_features
    looks = random.normal(size=(people, width)).astype(np.float32)
    free = np.array([WIDTH, HEIGHT]) - PERSON
    start, velocity = random.uniform(0, 1, (people, 2)) * free, random.normal(0, 2, (people, 2))
    run = tracker.start_video()
    seconds = time.process_time()
    for frame in range(1, frames + 1):
        # At the border they turn round.
        way = (start + velocity * frame) % (2 * free)
        corner = np.minimum(way, 2 * free - way)
        found = np.flatnonzero(random.random(people) < 0.9)
        boxes = np.concatenate([corner, corner + PERSON], axis=1)[found]
        scores = np.full(len(found), 0.9)
        run.add(frame, boxes, scores, (HEIGHT, WIDTH), looks[found].__getitem__)
    tracks = len(np.unique(run.finish().tracks))
    return 1000 * (time.process_time() - seconds) / frames, peak_memory('cpu'), tracks


@one_line_errors('benchmark_graphs')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    torch.set_num_threads(1)
    print(f'{peak_memory("cpu"):.0f} MiB before the first frame')
    print('people frames  CPU ms a frame  peak MiB  tracks')
    forked = multiprocessing.get_context('fork')
    for people in options.people:
        for frames in options.frames:
            with forked.Pool(1) as pool:
                spent, peak, tracks = pool.apply(measure, (options.config, people, frames))
            print(f'{people:6} {frames:6} {spent:15.1f} {peak:9.0f} {tracks:7}', flush=True)
