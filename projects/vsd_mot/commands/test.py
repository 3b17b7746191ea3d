"""Test a checkpoint: track the videos of the config's test set and print the metrics."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from mmengine.dist import is_main_process
from mmtrack.utils import register_all_modules
from torch import nn

from vsd_mot_cli import parser_of

from ..datasets.coco_check import check_coco_datasets
from ..engine.checkpoint_fit import drop_training_parts
from ..engine.devices import use_device
from ..engine.launch import (
    check_checkpoint,
    prepare_config,
    start_process_group,
)
from ..engine.runners import run_test
from ..export import set_backend
from ..fileio import require_writable, write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('test')


def backend_setter(options: argparse.Namespace) -> Callable[[nn.Module], None] | None:
    """Return what lets the backend of the command line compute a model's networks, if it is one."""
    if options.backend == 'pytorch':
        return None

    def change(model: nn.Module) -> None:
        drop_training_parts(model)  # as in the model that was exported
        name = Path(options.config).stem
        set_backend(model, options.backend, graphs=options.graphs, config=name)

    return change


def test(options: argparse.Namespace) -> None:
    """Test as the command line says."""
    use_device(options.device)
    register_all_modules(init_default_scope=False)
    cfg = prepare_config(options)
    if options.checkpoint:
        cfg.load_from = options.checkpoint
    check_checkpoint(cfg.get('load_from'))
    check_coco_datasets(cfg.get('test_dataloader'))

    if options.out:
        require_writable(options.out)
    start_process_group(cfg)
    metrics = run_test(cfg, change_model=backend_setter(options))
    if options.out and is_main_process():
        content = json.dumps({name: float(value) for name, value in metrics.items()}, indent=2)
        write_atomically(options.out, f'{content}\n')
        print(f'metrics: {options.out}')


@one_line_errors('test')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    test(parse_args(args))
