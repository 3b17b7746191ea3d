"""The demo clip's start by the example of `demo/`, in a process that has neither torch nor mm*."""

import itertools
import subprocess
import sys
from pathlib import Path

import av
import pytest

from command_runs import REPOSITORY, environment
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


@pytest.fixture(scope='module')
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The first 24 frames of the demo clip."""
    path = str(tmp_path_factory.mktemp('demo') / 'clip.mp4')
    with av.open(CLIP) as whole, av.open(path, 'w') as part:
        stream = part.add_stream_from_template(whole.streams.video[0])
        for packet in itertools.islice(whole.demux(video=0), 24):
            packet.stream = stream
            part.mux(packet)
    return path


@pytest.fixture(scope='module')
def demo_graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('demo') / 'graphs'
    assert not export.main([*MODEL, '--like', CLIP, '--out', str(folder)])
    return folder


def rows_of(path: Path) -> list[list[float]]:
    return [[float(value) for value in line.split(',')] for line in path.read_text().splitlines()]


def assert_same_tracks(path: Path, reference: Path) -> None:
    """One row for one row: frame and identity equal, the rest up to its last digit."""
    rows, wanted = rows_of(path), rows_of(reference)
    assert len(rows) == len(wanted) > 150
    for row, expected in zip(rows, wanted):
        assert row[:2] == expected[:2]
        assert row[2:6] == pytest.approx(expected[2:6], abs=0.384)  # 1e-3 of the frame
        assert row[6] == pytest.approx(expected[6], abs=1e-3)


def test_three_ways_to_the_same_tracks(demo_graphs: Path, clip: str, tmp_path: Path) -> None:
    """PyTorch, `--backend`, and the example by itself."""
    texts = {}
    for backend in ('pytorch', 'onnxruntime', 'openvino'):
        out = tmp_path / backend
        graphs = [] if backend == 'pytorch' else ['--graphs', str(demo_graphs)]
        command = [clip, *MODEL, '--backend', backend, *graphs, '--no-video', '--device', 'cpu']
        assert track.main([*command, '--out', str(out)]) == 0
        texts[backend] = out / 'clip.txt'
    assert_same_tracks(texts['onnxruntime'], texts['pytorch'])
    assert_same_tracks(texts['openvino'], texts['pytorch'])
    example = str(REPOSITORY / 'demo/track_with_onnx.py')
    alone = tmp_path / 'alone.txt'
    result = subprocess.run(
        [sys.executable, '-c', WITHOUT, example, clip, str(demo_graphs), str(alone)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert_same_tracks(alone, texts['pytorch'])


def test_the_example_fits_a_page() -> None:
    lines = (REPOSITORY / 'demo/track_with_onnx.py').read_text().splitlines()
    assert len(lines) <= 100
