r"""Convert a published checkpoint to ours.

Every key is used, or listed with the reason::

    vsd-mot convert weights motrv2 motrv2_dancetrack.pth checkpoints/motrv2_dancetrack.pth
    vsd-mot convert weights vse_mot vse_mot_lqdancetrack.pth checkpoints/vse_mot.pth
    vsd-mot convert weights deformable_detr \
        deformable_detr_refine_r50_16x2_50e_coco_20210419_220503-5f5dff21.pth checkpoints/coco.pth
    vsd-mot convert weights hqtrack save_step_42000.pth checkpoints/hqtrack.pth
    vsd-mot convert weights intern_image internimage_t_1k_224.pth checkpoints/intern_t.pth
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..names import LAYOUTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('layout', choices=LAYOUTS, help='of the published checkpoint')
    parser.add_argument('src', type=Path, help='the published checkpoint')
    parser.add_argument('dst', type=Path, help='the file to write: .pth, .pt or .safetensors')
    parser.add_argument(
        '--config', type=Path, help='config of our model, in place of the usual one'
    )
