"""Compute a teacher's features of all frames that a config trains on, once.

python tools/dataset_converters/cache_teacher.py configs/vsd_mot/CONFIG.py --workers 4

The config names the teacher (model.semantics.distillation.teacher), the store
(model.semantics.distillation.store, or --store here) and, by LoadTeacherView in the pipelines, what
the teacher sees. Frames whose features are in the store are left alone, so a run that was killed
goes on where it stopped; training then reads them, and computes what is still missing by itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import torch
from mmengine.registry import DefaultScope
from mmtrack.registry import DATASETS

from ..datasets.teacher_views import teacher_images
from ..engine.configs import read_config
from ..errors import ConfigError
from ..models.semantics.teacher_caching import cache_features
from .command_line import add_cfg_options, command_parser
from .user_errors import one_line_errors

MAX_LISTED = 20


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('config', help='training config with a distillation')
    parser.add_argument('--store', help="folder to write, in place of the config's")
    parser.add_argument('--workers', type=int, default=1, help='processes')
    parser.add_argument('--batch-size', type=int, default=16, help='images at once in a process')
    parser.add_argument(
        '--device', default='cuda' if torch.cuda.is_available() else 'cpu', help='cuda or cpu'
    )
    add_cfg_options(parser)
    options = parser.parse_args(args)
    if options.workers < 1 or options.batch_size < 1:
        parser.error('--workers and --batch-size must be at least 1')
    return options


@one_line_errors('cache_teacher', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = parse_args(args)
    cfg = read_config(options.config, options.cfg_options)
    distillation = (cfg.model.get('semantics') or {}).get('distillation')
    if not distillation:
        raise ConfigError(
            f'{options.config} has no model.semantics.distillation: nothing is distilled there'
        )
    distillation = {key: value for key, value in distillation.to_dict().items() if key != 'type'}
    folder = options.store or distillation.get('store')
    if not folder:
        raise ConfigError('give --store, or set model.semantics.distillation.store in the config')
    distillation['store'] = None
    with DefaultScope.overwrite_default_scope('mmtrack'):
        paths = teacher_images(DATASETS.build(cfg.train_dataloader.dataset))
    report = cache_features(
        paths,
        distillation=distillation,
        folder=str(folder),
        device=options.device,
        workers=options.workers,
        batch_size=options.batch_size,
    )
    print(f'{report.encoded} images encoded, {report.known} were stored before: {folder}')
    for reason in report.unreadable[:MAX_LISTED]:
        print(f'not read: {reason}', file=sys.stderr)
    if len(report.unreadable) > MAX_LISTED:
        print(f'and {len(report.unreadable) - MAX_LISTED} more', file=sys.stderr)
    return 1 if report.unreadable else 0
