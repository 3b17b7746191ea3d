"""A very small HQTrack, and small sets with label maps."""

from pathlib import Path

import cv2
import numpy as np
import torch
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from hqtrack_fixtures import clip
from vsd_mot.video.label_files import write_label_map

VMOS = dict(
    type='VMOS',
    encoder=dict(
        type='TruncatedInternImage',
        depths=(1, 1, 1, 1),
        channels=(16, 16, 16, 16),
        groups=(1, 1, 1, 1),
    ),
    identity_bank=dict(type='IdentityBank', coarse_channels=16, fine_channels=16),
    propagation=dict(
        type='MultiScalePropagation',
        channels=16,
        fine_channels=16,
        finest_channels=16,
        num_layers=1,
        window=5,
    ),
    head=dict(type='MaskHead', channels=32),
)
TRACKER = dict(type='HQTrack', vmos=VMOS, short_edge=48, long_edge=96)


def tiny_tracker(**changes) -> torch.nn.Module:
    """An HQTrack with random weights in evaluation mode."""
    register_all_modules(init_default_scope=True)
    torch.manual_seed(0)
    return MODELS.build({**TRACKER, **changes}).eval()


def write_mots_set(root: Path, frames: int = 6, split: str = 'train') -> Path:
    """A set in the layout 'mots' with one sequence of moving ellipses and label maps."""
    pictures, labels = clip(frames, 65, 97, 3)
    folder = root / split / 'SEQ'
    (folder / 'img1').mkdir(parents=True)
    for at, (picture, label) in enumerate(zip(pictures, labels), start=1):
        cv2.imwrite(str(folder / 'img1' / f'{at:06d}.png'), picture[..., ::-1])
        write_label_map(folder / 'labels' / f'{at:06d}.png', label)
    (folder / 'seqinfo.ini').write_text('[Sequence]\nframeRate=10\n')
    return root


def square(size: tuple[int, int], corner: tuple[int, int], side: int) -> np.ndarray:
    """A (H, W) bool mask with a square in it."""
    mask = np.zeros(size, bool)
    mask[corner[0] : corner[0] + side, corner[1] : corner[1] + side] = True
    return mask
