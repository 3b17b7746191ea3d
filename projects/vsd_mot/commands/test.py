"""Test a checkpoint: track the videos of the config's test set and print the metrics.

python tools/test.py configs/motrv2/CONFIG.py work_dirs/first/epoch_1.pth
mim test vsd_mot configs/motrv2/CONFIG.py --checkpoint work_dirs/first/epoch_1.pth
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from mmengine.dist import is_main_process
from mmtrack.utils import register_all_modules

from ..datasets.coco_check import check_coco_datasets
from ..engine.launch import (
    add_common_arguments,
    check_checkpoint,
    hide_gpus,
    prepare_config,
    start_process_group,
)
from ..engine.runners import run_test
from ..fileio import require_writable, write_atomically
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', nargs='?', help='checkpoint file')
    parser.add_argument('--checkpoint', dest='checkpoint_option', help='checkpoint file')
    parser.add_argument('--out', metavar='FILE.json', help='write the metrics to this file, too')
    parser.add_argument(
        '--device', choices=['auto', 'cpu'], default='auto', help='cpu: leave GPUs alone'
    )
    add_common_arguments(parser)
    options = parser.parse_args(args)
    if options.checkpoint and options.checkpoint_option:
        parser.error('the checkpoint is given twice')
    options.checkpoint = options.checkpoint or options.checkpoint_option
    if options.out and Path(options.out).suffix != '.json':
        parser.error(f'--out {options.out}: the metrics are written as JSON, name it FILE.json')
    return options


def test(options: argparse.Namespace) -> None:
    """Test as the command line says."""
    if options.device == 'cpu':
        hide_gpus()
    register_all_modules(init_default_scope=False)
    cfg = prepare_config(options)
    if options.checkpoint:
        cfg.load_from = options.checkpoint
    check_checkpoint(cfg.get('load_from'))
    check_coco_datasets(cfg.get('test_dataloader'))

    if options.out:
        require_writable(options.out)
    start_process_group(cfg)
    metrics = run_test(cfg)
    if options.out and is_main_process():
        content = json.dumps({name: float(value) for name, value in metrics.items()}, indent=2)
        write_atomically(options.out, f'{content}\n')
        print(f'metrics: {options.out}')


@one_line_errors('test')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    test(parse_args(args))
