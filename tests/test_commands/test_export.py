"""The command that exports."""

from pathlib import Path

import pytest

from bright_box_tracker import moving_boxes, write_frames
from command_runs import REPOSITORY, assert_line
from vsd_mot.commands import export

DETECTOR = [
    str(REPOSITORY / 'configs/detector/yolox_nano_1xb8-3e_degraded-real_test-real.py'),
    str(REPOSITORY / 'demo/yolox_nano_degraded-person.pth'),
]


def test_real_weights(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """The detector's head is in the encoder, whose maps it shares."""
    config = REPOSITORY / 'configs/vsd_mot/vsd-mot_tiny-nano_degraded-real_test-real.py'
    weights = REPOSITORY / 'demo/vsd-mot_tiny-nano_real.pth'
    out = tmp_path / 'graphs'
    assert not export.main(
        [str(config), str(weights), '--frame-size', '320', '180', '--out', str(out)]
    )
    printed = capsys.readouterr().out
    assert 'encoder.onnx, handover.onnx, queries.onnx, step.onnx' in printed
    assert 'compared with PyTorch by onnxruntime: equal' in printed


def test_detector_alone(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    frames = write_frames(tmp_path / 'walk', moving_boxes())
    out = tmp_path / 'yolox'
    assert not export.main([*DETECTOR, '--like', str(frames), '--out', str(out)])
    assert capsys.readouterr().out.startswith('detector.onnx in ')


@pytest.mark.parametrize(
    ('config', 'message'),
    [
        (
            'configs/hqtrack/hqtrack_tiny_1xb4-1k_synthetic_test-synthetic.py',
            'HQTrack cannot be exported',
        ),
        ('configs/sort/sort_yolox-nano_test-own-data.py', 'SORT cannot be exported'),
        ('configs/nothing.py', 'nothing'),
    ],
)
def test_what_cannot_be_exported(
    config: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    arguments = [str(REPOSITORY / config), '--frame-size', '64', '64', '--out', str(tmp_path / 'g')]
    assert export.main(arguments) == 1
    assert_line(capsys.readouterr().err, 'export', message)
    assert not list(tmp_path.iterdir())
