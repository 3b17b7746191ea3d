"""Measure trackers: operations, milliseconds by stage, memory.

All settings run interleaved in one process, a pass each in turn, so that whatever else the machine
does meets all of them; the table has medians. Peak memory is taken in a process of its own for each
setting. The reference is the same model computed plainly: deformable attention by grid_sample,
batch norms unfolded, frame by frame.

Examples::

    # inference against the reference, at the published code's measured size
    vsd-mot benchmark configs/_base_/models/motrv2_r50.py --reference
    # several models side by side, two with weights
    vsd-mot benchmark configs/motrv2/A.py a.pth configs/vsd_mot/B.py b.pth
    # a training step on a clip of 5 frames, against the reference with and without checkpointing
    vsd-mot benchmark configs/_base_/models/motrv2_r50.py --reference --train
    # backends against PyTorch, with one thread and with two
    vsd-mot benchmark CONFIG --backends pytorch onnxruntime openvino --threads 1 2
    # on a GPU
    vsd-mot benchmark CONFIG --device cuda --amp bf16 --compile --window 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..names import BACKENDS, CHECKPOINTING
from ..numbers import COUNT, COUNT_OR_ZERO, MAX_WORKERS, PIXELS, Range


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add('models', nargs='+', metavar='CONFIG [CHECKPOINT]', help='configs, each with its weights')
    add('--train', action='store_true', help='a training step instead of inference')
    add('--reference', action='store_true', help='compare each config with its plain computation')
    add(
        '--size',
        type=PIXELS,
        nargs=2,
        metavar=('H', 'W'),
        help='(default 608 1088, --train 384 640)',
    )
    add('--frame-size', type=PIXELS, nargs=2, default=(1080, 1920), metavar=('H', 'W'))
    add('--proposals', type=COUNT_OR_ZERO, default=30, help='proposals in a frame (default 30)')
    add('--tracks', type=COUNT_OR_ZERO, default=20, help='tracks carried into a frame (default 20)')
    add(
        '--objects',
        type=COUNT_OR_ZERO,
        default=10,
        help='with --train: objects in a frame (default 10)',
    )
    add('--clip-length', type=COUNT, default=5, help='with --train: frames of a clip (default 5)')
    add('--window', type=COUNT, default=1, help='frames encoded together at inference (default 1)')
    add(
        '--checkpointing',
        nargs='+',
        choices=CHECKPOINTING,
        default=['config'],
        help='with --train: what is computed again in the backward pass; several are compared',
    )
    add('--detector', action='store_true', help="proposals by the config's detector, in the loop")
    add('--rounds', type=COUNT, default=5, help='measured passes of each setting (default 5)')
    add('--warmup', type=COUNT_OR_ZERO, default=1, help='passes before them (default 1)')
    add(
        '--threads',
        type=Range(int, 1, MAX_WORKERS),
        nargs='+',
        help="threads on the CPU; several are compared (default: torch's choice)",
    )
    add(
        '--backends',
        nargs='+',
        choices=('pytorch', *BACKENDS),
        default=['pytorch'],
        help='what computes the networks at inference; several are compared',
    )
    add('--device', choices=('cpu', 'cuda'), default='cpu', help='(default cpu)')
    add('--amp', choices=('bf16', 'fp16'), help='run in autocast (default: float32)')
    add('--compile', action='store_true', help='torch.compile backbone, neck and encoder')
    add('--no-memory', action='store_true', help='do not measure peak memory')
    add('--out', type=Path, help='write everything as JSON, too')
