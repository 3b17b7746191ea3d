"""The demo clip by the example of `demo/`, in a process that has neither torch nor mm*."""

import itertools
import runpy
import subprocess
import sys
from pathlib import Path

import av
import pytest
import torch

from clip_samples import add_small_clips
from command_runs import REPOSITORY, environment
from graph_samples import VSE_SEMANTICS
from vsd_mot.apis import init_tracker
from vsd_mot.commands import export, track

CONFIG = 'configs/vsd_mot/vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
MODEL = [str(REPOSITORY / CONFIG), str(REPOSITORY / 'demo/vsd-mot_tiny_synthetic.pth')]
CLIP = str(REPOSITORY / 'demo/clip.mp4')
WITHOUT = """
import runpy, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {'torch', 'torchvision', 'vsd_mot', *MM}:
            raise ImportError(f'{name} is not for this process')
MM = ['mmcv', 'mmdet', 'mmengine', 'mmtrack', 'mmcls']
sys.meta_path.insert(0, Nothing())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')
assert not {'torch', *MM} & set(sys.modules)
"""


def short_clip(path: Path) -> str:
    """The first twelve frames of the demo clip."""
    with av.open(CLIP) as whole, av.open(str(path), 'w') as part:
        stream = part.add_stream_from_template(whole.streams.video[0])
        for packet in itertools.islice(whole.demux(video=0), 12):
            packet.stream = stream
            part.mux(packet)
    return str(path)


@pytest.fixture(scope='module')
def demo_graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('demo') / 'graphs'
    assert not export.main([*MODEL, '--like', CLIP, '--out', str(folder)])
    return folder


def rows_of(path: Path) -> list[list[float]]:
    return [[float(value) for value in line.split(',')] for line in path.read_text().splitlines()]


def assert_same_tracks(path: Path, reference: Path, at_least: int = 400) -> None:
    """One row for one row: frame and identity equal, the rest up to its last digit."""
    rows, wanted = rows_of(path), rows_of(reference)
    assert len(rows) == len(wanted) > at_least
    for row, expected in zip(rows, wanted):
        assert row[:2] == expected[:2]
        assert row[2:6] == pytest.approx(expected[2:6], abs=0.384)  # 1e-3 of the frame
        assert row[6] == pytest.approx(expected[6], abs=1e-3)


def test_three_ways_to_the_same_tracks(demo_graphs: Path, tmp_path: Path) -> None:
    """PyTorch, `--backend`, and the example by itself."""
    texts = {}
    for backend in ('pytorch', 'onnxruntime', 'openvino'):
        out = tmp_path / backend
        graphs = [] if backend == 'pytorch' else ['--graphs', str(demo_graphs)]
        command = [CLIP, *MODEL, '--backend', backend, *graphs, '--no-video', '--device', 'cpu']
        assert track.main([*command, '--out', str(out)]) == 0
        texts[backend] = out / 'clip.txt'
    assert_same_tracks(texts['onnxruntime'], texts['pytorch'])
    assert_same_tracks(texts['openvino'], texts['pytorch'])
    example = str(REPOSITORY / 'demo/track_with_onnx.py')
    alone = tmp_path / 'alone.txt'
    result = subprocess.run(
        [sys.executable, '-c', WITHOUT, example, CLIP, str(demo_graphs), str(alone)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert_same_tracks(alone, texts['pytorch'])


def test_vse_mot_by_the_example(tmp_path: Path) -> None:
    """CLIP, adapter and VSFM of random weights in the place of the demo's student."""
    add_small_clips(tmp_path)
    config = tmp_path / 'vse-mot.py'
    semantics = dict(VSE_SEMANTICS, _delete_=True)
    config.write_text(f'_base_ = {MODEL[0]!r}\nmodel = dict(semantics={semantics!r})\n')
    weights = tmp_path / 'weights.pth'
    torch.manual_seed(0)
    tracker = init_tracker(config, device='cpu').model
    tracker.load_state_dict(torch.load(MODEL[1])['state_dict'], strict=False)
    torch.save(dict(state_dict=tracker.state_dict()), weights)
    clip, graphs = short_clip(tmp_path / 'clip.mp4'), str(tmp_path / 'graphs')
    model = [str(config), str(weights)]
    assert not export.main([*model, '--like', clip, '--out', graphs])
    assert track.main([clip, *model, '--no-video', '--device', 'cpu', '--out', str(tmp_path)]) == 0
    example = runpy.run_path(str(REPOSITORY / 'demo/track_with_onnx.py'))
    example['main'](clip, graphs, tmp_path / 'alone.txt')
    assert_same_tracks(tmp_path / 'alone.txt', tmp_path / 'clip.txt', at_least=60)


def test_the_example_fits_a_page() -> None:
    lines = (REPOSITORY / 'demo/track_with_onnx.py').read_text().splitlines()
    assert len(lines) <= 100
