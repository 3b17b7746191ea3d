"""Make an appearance vector for every proposal of a set and store them beside the proposals."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..datasets.proposals import AppearanceStore, ProposalStore, make_appearance
from ..datasets.proposals.identity import portable
from ..engine.configs import read_config
from ..engine.devices import device_name
from ..images import read_image
from .user_errors import one_line_errors

parse_args = parser_of('appearance')


def encoder_config(args: argparse.Namespace) -> dict:
    """Config of the encoder.

    Raises:
        ValueError: Neither the config nor the command line has one.
    """
    encoder = args.encoder or read_config(args.config).model.get('appearance')
    if not encoder:
        raise ValueError(
            f'{args.config} has no model.appearance: give --encoder type=... (ReIDResNetIBN, '
            'ReIDModel, ColourStripes)'
        )
    return dict(encoder)


def encoder_identity(config: dict) -> dict:
    """Return what vectors are made with; those of another identity are not put together."""
    settings = json.dumps(portable(config), sort_keys=True)
    meta = dict(encoder=config['type'], config_sha256=hashlib.sha256(settings.encode()).hexdigest())
    if config.get('checkpoint'):
        content = Path(config['checkpoint']).read_bytes()
        meta['checkpoint_sha256'] = hashlib.sha256(content).hexdigest()
    return meta


def frame_encoder(
    encoder: torch.nn.Module, root: Path, device: str
) -> Callable[[str, np.ndarray], np.ndarray]:
    """Make a function from the key of a frame and its boxes to vectors."""

    def encode(key: str, boxes: np.ndarray) -> np.ndarray:
        image = read_image(root / key)
        frame = torch.from_numpy(image[..., ::-1].copy()).permute(2, 0, 1).to(device)
        return encoder(frame, torch.from_numpy(boxes).to(device)).cpu().numpy()

    return encode


def make(args: argparse.Namespace) -> int:
    """Make the vectors; 0 when all are done."""
    register_all_modules(init_default_scope=False)
    init_default_scope('mmtrack')
    path = Path(args.proposals)
    if not path.is_file():
        path = Path(args.data_root) / args.proposals
    proposals = ProposalStore(path)
    config = encoder_config(args)
    device = device_name(args.device)
    encoder = MODELS.build(config).to(device).eval()
    out = Path(args.out) if args.out else path.with_suffix('.appearance')
    make_appearance(
        proposals,
        out,
        frame_encoder(encoder, Path(args.data_root) / args.img_prefix, device),
        width=encoder.embed_dims,
        meta=encoder_identity(config),
    )
    store = AppearanceStore(out, proposals)
    print(f'{out}: {proposals.num_proposals} vectors of {store.width} numbers')
    return 0


@one_line_errors('make_appearance', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return make(parse_args(args))
