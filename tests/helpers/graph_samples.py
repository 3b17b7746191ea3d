"""Exported graphs of a small tracker, for the tests of what writes and what runs them."""

from pathlib import Path

import torch

from tracking_samples import build_tracker
from vsd_mot.export import build_runtime, export_tracker
from vsd_mot.export.manifest import Manifest
from vsd_mot.models.query_tracking import MOTRv2

SIZE = (64, 96)
SEMANTICS = dict(
    type='SemanticBranch',
    source=dict(type='StudentEncoder', embed_dims=128, hidden_dims=32, feedforward_dims=64),
    quality=dict(type='FrameQuality'),
    fusion=dict(type='DSWR'),
)
VSE_MAPS = dict(embed_dims=128, map_rows=32)
# VSE-MOT with the small CLIP of clip_samples; more than 32 queries are in several maps.
VSE_SEMANTICS = dict(
    type='SemanticBranch',
    source=dict(
        type='CLIPBranch',
        embed_dims=128,
        encoder=dict(type='CLIPEncoder', model='small-resnet', pretrained=None),
    ),
    adapter=dict(type='MOTAdapter', **VSE_MAPS),
    fusion=dict(type='VSFM', aspp_channels=16, dilations=(2, 4), **VSE_MAPS),
)


def small_tracker(**changes) -> MOTRv2:
    """The tiny MOTRv2 with one encoder and decoder layer, student and DSWR, random weights."""
    settings = dict(encoder__num_layers=1, decoder__num_layers=1, head__num_layers=1)
    settings.update(semantics=SEMANTICS, clip_loss=None, denoising=None)
    return build_tracker(**{**settings, **changes}).eval()


def write_graphs(folder: Path, model: torch.nn.Module, backend: str = 'onnxruntime') -> Manifest:
    """Export a tracker for frames of `SIZE`."""
    runtime = build_runtime(backend, threads=1)
    return export_tracker(model, folder, size=SIZE, runtime=runtime, config='small')
