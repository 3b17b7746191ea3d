"""Validate the descriptions of a set's videos and store their text features, encoded once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..datasets.descriptions import (
    FILE_NAME,
    DescriptionError,
    VideoDescriptions,
    read_descriptions,
    write_text_features,
)
from ..evaluation import read_mot_text
from ..mot_layout import sequences_below
from .user_errors import one_line_errors

parse_args = parser_of('encode_descriptions')


def read_all(folders: Sequence[Path]) -> list[VideoDescriptions]:
    """Read and check the descriptions of all sequences in folders.

    Raises:
        DescriptionError: One is missing or wrong, or describes who is not there.
    """
    videos = []
    for sequence in sequences_below(folders):
        path, truth = sequence / FILE_NAME, sequence / 'gt' / 'gt.txt'
        if not path.is_file():
            raise DescriptionError(
                f'{sequence} has no {FILE_NAME}: write it (docs/descriptions.md has the format), '
                'or let tools/dataset_converters/describe.py fill it'
            )
        described = read_descriptions(path)
        if described.video != sequence.name:
            raise DescriptionError(
                f'{path} is about {described.video!r}, but lies in {sequence.name}'
            )
        if truth.is_file():
            identities = read_mot_text(truth)[:, 1].astype(int).tolist()
            described.require_identities(identities, str(path))
        videos.append(described)
    return videos


def encode(args: argparse.Namespace) -> int:
    """Do what the command line says."""
    videos = read_all(args.folders)
    people = sum(len(video.instances) for video in videos)
    if not args.check:
        register_all_modules(init_default_scope=False)
        init_default_scope('mmtrack')
        encoder = MODELS.build(dict(args.encoder))

        def features(sentences: list[str]) -> np.ndarray:
            return encoder(sentences).cpu().numpy()

        write_text_features(args.out, videos, encode=features, encoder=encoder.name)
    print(f'{args.out or "valid"}: {len(videos)} videos, {people} people described')
    return 0


@one_line_errors('encode_descriptions', OSError, ValueError, RuntimeError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return encode(parse_args(args))
