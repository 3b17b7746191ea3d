"""Compute a teacher's features of all frames that a config trains on, once."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mmengine.registry import DefaultScope
from mmtrack.registry import DATASETS

from vsd_mot_cli import parser_of

from ..datasets.teacher_views import teacher_images
from ..engine.configs import read_config
from ..engine.devices import device_name
from ..errors import ConfigError
from ..models.semantics.teacher_caching import cache_features
from .user_errors import one_line_errors

MAX_LISTED = 20


parse_args = parser_of('cache_teacher')


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
        device=device_name(options.device),
        workers=options.workers,
        batch_size=options.batch_size,
    )
    print(f'{report.encoded} images encoded, {report.known} were stored before: {folder}')
    for reason in report.unreadable[:MAX_LISTED]:
        print(f'not read: {reason}', file=sys.stderr)
    if len(report.unreadable) > MAX_LISTED:
        print(f'and {len(report.unreadable) - MAX_LISTED} more', file=sys.stderr)
    return 1 if report.unreadable else 0
