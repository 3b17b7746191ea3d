"""Fixtures that tests of several areas use. Nothing outside of the repository is needed."""

from __future__ import annotations

import gc
import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# Before torch is imported: several test processes with two threads each stall on a small machine.
os.environ.setdefault('OMP_NUM_THREADS', '1')

import numpy as np
import pytest
from mmengine import Config
from mmengine.config import ConfigDict
from mmengine.logging import MMLogger

from browsers import browser, watched  # noqa: F401 (fixtures)

CONFIGS = Path(__file__).parents[1] / 'configs'


def pytest_collection_finish() -> None:
    """What is imported lives as long as the process: the collector need not look through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    """Every test draws the same numbers, whichever tests ran before it in this process."""
    random.seed(0)
    np.random.seed(0)
    if 'torch' in sys.modules:
        sys.modules['torch'].manual_seed(0)


@pytest.fixture(autouse=True)
def _own_loggers() -> Iterator[None]:
    """No test logs by a logger of an earlier one, which writes where that one's output went."""
    yield
    MMLogger._instance_dict.clear()


@pytest.fixture(scope='module')
def double_precision() -> Iterator[None]:
    """Tensors and networks that a module's tests make are of double precision.

    What has to be the same whatever the order of summation is then so to 1e-9 on every CPU, and no
    identity hangs on a rounding.
    """
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.fixture(scope='session')
def synthetic_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small synthetic set: 2 + 2 sequences of 10 frames, 192 x 112.

    It has the layout that ``configs/_base_/datasets/synthetic.py`` expects (``train/``, ``val/``,
    ``annotations/{train,val}.json``, ``proposals/{train,val}.proposals``). The proposals are made
    from the ground truth: shifted, some missing, some wrong. Do not write into it.
    """
    from vsd_mot.datasets.converters import convert_mot
    from vsd_mot.datasets.synthetic import SyntheticSettings, make_synthetic_set

    root = tmp_path_factory.mktemp('data') / 'synthetic'
    settings = SyntheticSettings(
        seed=7, train_sequences=2, val_sequences=2, frames=10, width=192, height=112
    )
    make_synthetic_set(root, settings, progress=False)
    annotations = convert_mot([root], progress=False).files
    for split, path in annotations.items():
        _write_jittered_proposals(path, root / 'proposals' / f'{split}.proposals')
    return root


def _write_jittered_proposals(annotation_file: Path, proposal_file: Path) -> None:
    """What a fair detector might find: 9 of 10 people, off by 3 %, and a false box per frame."""
    from vsd_mot.datasets.proposals import write_proposals

    rng = np.random.default_rng(0)
    content = json.loads(annotation_file.read_text())
    boxes: dict[int, list] = {image['id']: [] for image in content['images']}
    for row in content['annotations']:
        if row['category_id'] == 1 and not row['iscrowd']:
            left, top, width, height = row['bbox']
            boxes[row['image_id']].append([left, top, left + width, top + height])
    frames = []
    for image in content['images']:
        people = np.array(boxes[image['id']], float).reshape(-1, 4)
        people = people[rng.uniform(size=len(people)) < 0.9]
        extent = np.tile(people[:, 2:] - people[:, :2], 2)
        people = people + 0.03 * extent * rng.standard_normal(people.shape)
        corner = rng.uniform(0, 0.7, 2) * (image['width'], image['height'])
        false = np.concatenate([corner, corner + np.array([20, 40])])[None]
        scores = np.concatenate([rng.uniform(0.5, 0.95, len(people)), rng.uniform(0.05, 0.5, 1)])
        size = (image['height'], image['width'])
        frames.append((image['file_name'], size, np.concatenate([people, false]), scores))
    write_proposals(proposal_file, frames, meta=dict(detector='jittered ground truth'))


@pytest.fixture(scope='session')
def with_data_root() -> Callable[[Config, Path], Config]:
    """A function that points every data set of a config to a folder, and returns the config.

    Loaders run in the test's own process: workers would take seconds to start.
    """

    def redirect(config: Config, root: Path) -> Config:
        _redirect(config._cfg_dict, root)
        for name in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
            loader = config.get(name)
            if loader is not None:
                loader.update(num_workers=0, persistent_workers=False)
        return config

    return redirect


@pytest.fixture
def lq_source(tmp_path: Path) -> Path:
    """Folder ``set`` with three sequences of three frames, of which low-quality copies are made."""
    from lq_samples import write_sequence

    root = tmp_path / 'set'
    for name in ('A', 'B', 'C'):
        write_sequence(root / name)
    return root


@pytest.fixture
def no_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test works in a folder of its own, in which no program may have left its proof."""
    from hostile_files import PROOF

    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.rglob(f'*{PROOF}*'))


@pytest.fixture(scope='session')
def two_people_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos of two people with proposals, appearance and text. Do not write into it."""
    from two_people_set import write_whole_set

    return write_whole_set(tmp_path_factory.mktemp('two_people'))


def _redirect(node: object, root: Path) -> None:
    if isinstance(node, ConfigDict):
        if 'data_root' in node:
            node['data_root'] = f'{root}/'
        for value in node.values():
            _redirect(value, root)
    elif isinstance(node, (list, tuple)):
        for value in node:
            _redirect(value, root)


@pytest.fixture(scope='session')
def tinier_config(
    synthetic_set: Path,
    with_data_root: Callable[[Config, Path], Config],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Config file of a tinier MOTRv2: smaller pictures, two layers, an epoch of five iterations."""
    (tiny,) = (CONFIGS / 'motrv2').glob('motrv2_tiny_*_synthetic_test-synthetic.py')
    cfg = with_data_root(Config.fromfile(tiny, format_python_code=False), synthetic_set)
    cfg.model.encoder.num_layers = 1
    cfg.model.decoder.num_layers = cfg.model.head.num_layers = 2
    _simplify(cfg._cfg_dict)
    cfg.train_dataloader.batch_size = 4
    cfg.train_dataloader.dataset.clip_length = 2
    cfg.train_cfg.max_epochs = 1
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    path = tmp_path_factory.mktemp('configs') / 'tinier.py'
    cfg.dump(path)
    return str(path)


def _simplify(node: object) -> None:
    """Sets all sizes of pictures to 96, and starts from random weights."""
    if isinstance(node, ConfigDict):
        if node.get('type') == 'RandomChoiceResize':
            node['scales'] = [96]
        elif node.get('type') == 'ShortSideResize':
            node['scale'] = 96
        if (node.get('init_cfg') or {}).get('type') == 'Pretrained':
            node['init_cfg'] = None
        for value in node.values():
            _simplify(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            _simplify(value)
