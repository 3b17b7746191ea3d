"""The configs of the peers run: MMTracking's ByteTrack and SORT, and Roboflow's trackers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine import Config
from mmengine.registry import DefaultScope
from mmengine.runner import Runner
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from vsd_mot.engine.runners import build_runner

CONFIGS = Path(__file__).parents[2] / 'configs'
PEERS = [
    'bytetrack/bytetrack_yolox-tiny_test-synthetic.py',
    'bytetrack/bytetrack_yolox-nano_test-own-data.py',
    'sort/sort_yolox-tiny_test-synthetic.py',
    'sort/sort_yolox-nano_test-own-data.py',
    'ocsort/ocsort_yolox-tiny_test-synthetic.py',
    'ocsort/ocsort_yolox-nano_test-real.py',
    'trackers/botsort_yolox-tiny_test-synthetic.py',
]


def fixed_detector(config: Config, path: Path, sees_people: bool) -> dict:
    """Save detector weights that ignore the frame: nobody, or a person in every cell of a grid.

    The grid is that of the last level, 32 x 32 pixels a cell; a person there is 32 x 64 pixels.
    """
    detector = dict(config.model.detector)
    detector.pop('init_cfg')
    with DefaultScope.overwrite_default_scope('mmtrack'):
        built = MODELS.build(detector)
    head = built.bbox_head
    with torch.no_grad():
        for level, stride in enumerate(head.prior_generator.strides):
            for branch in (head.multi_level_conv_cls, head.multi_level_conv_obj):
                branch[level].weight.zero_()
                branch[level].bias.fill_(4.0 if sees_people and stride[0] == 32 else -10.0)
            head.multi_level_conv_reg[level].weight.zero_()
            box = torch.tensor([0.5, 0.5, 0.0, math.log(2)])
            head.multi_level_conv_reg[level].bias.copy_(box)
    torch.save(built.state_dict(), path)
    return built.state_dict()


def peer(name: str, root: Path, redirect: Callable, folder: Path, sees_people: bool) -> Runner:
    """Runner of a peer's config on a small set."""
    register_all_modules(init_default_scope=False)
    config = redirect(Config.fromfile(CONFIGS / name), root)
    weights = fixed_detector(config, folder / 'detector.pth', sees_people)
    config.model.detector.init_cfg.checkpoint = str(folder / 'detector.pth')
    config.test_dataloader.dataset.pipeline[1].scale = (192, 112)
    config.work_dir = str(folder / 'work')
    config.experiment_name = f'{folder.name}-{Path(name).stem}'
    config.test_evaluator.outfile_prefix = str(folder / 'results')
    runner = build_runner(config)
    # What mmtrack's test script does before testing.
    runner.model.init_weights()
    loaded = runner.model.detector.state_dict()
    assert loaded.keys() == weights.keys()
    assert all(torch.equal(loaded[key], weights[key]) for key in weights)
    return runner


@pytest.mark.parametrize('name', PEERS)
def test_peer_tracks_and_is_evaluated(name, synthetic_set, with_data_root, tmp_path):
    metrics = peer(name, synthetic_set, with_data_root, tmp_path, sees_people=True).test()
    assert 0 <= metrics['motchallenge-metric/HOTA'] < 0.5
    assert metrics['motchallenge-metric/TP'] + metrics['motchallenge-metric/FN'] > 0
    written = sorted((tmp_path / 'results').rglob('SYN-*.txt'))
    assert [path.name for path in written] == ['SYN-V01.txt', 'SYN-V02.txt']
    # The grid of 6 x 4 cells stands still: 24 tracks that live through all 10 frames.
    rows = np.loadtxt(written[0], delimiter=',')
    frames, ids = rows[:, 0].astype(int), rows[:, 1].astype(int)
    # A new track of OC-SORT has no number before it is confirmed, in the first frame neither.
    first = 2 if Path(name).stem.startswith('ocsort') else 1
    assert set(frames) == set(range(first, 11))
    assert np.unique(ids[frames == 10]).size == 24
    assert set(ids[frames == 5]) == set(ids[frames == 10])
    # 112 rows are no multiple of 32 and become 128 for the real detector.
    height = 56 if 'test-real' in name else 64
    assert np.allclose(rows[frames == 10][:, 4:6], (32, height), atol=0.5)


@pytest.mark.parametrize('name', [PEERS[0], PEERS[2], PEERS[4]])
def test_peer_survives_frames_without_detections(name, synthetic_set, with_data_root, tmp_path):
    metrics = peer(name, synthetic_set, with_data_root, tmp_path, sees_people=False).test()
    assert metrics['motchallenge-metric/HOTA'] == 0
    assert metrics['motchallenge-metric/FN'] > 0
    assert metrics['motchallenge-metric/FP'] == 0
