"""Small settings of the benchmark."""

from pathlib import Path

from vsd_mot.evaluation.benchmark.settings import Setting

ROOT = Path(__file__).resolve().parents[2]


SMALL = dict(size=(64, 96), frame_size=(90, 140), proposals=6, tracks=4, objects=3, clip_length=2)


def settings_of(config: str) -> tuple[Setting, Setting]:
    return Setting('tiny reference', config, plain=True), Setting('tiny', config)


def write_tiny_config(folder: Path) -> str:
    """Write the config of the tiny tracker, with two encoder layers whatever it has itself."""
    base = ROOT / 'configs/_base_/models/motrv2_tiny.py'
    path = folder / 'tiny.py'
    path.write_text(f'_base_ = {str(base)!r}\nmodel = dict(encoder=dict(num_layers=2))\n')
    return str(path)
