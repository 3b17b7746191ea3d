"""Tests a checkpoint: tracks the videos of the config's test set and prints the metrics.

python tools/test.py configs/motrv2/CONFIG.py work_dirs/first/epoch_1.pth
mim test vsd_mot configs/motrv2/CONFIG.py --checkpoint work_dirs/first/epoch_1.pth
"""

import argparse
import json
import os
import sys
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Reads the command line."""
    # MMEngine looks for GPUs once, when it is imported: `--device cpu` has to come before.
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument('--device', choices=['auto', 'cpu'])
    if early.parse_known_args()[0].device == 'cpu':
        os.environ['CUDA_VISIBLE_DEVICES'] = '-1'

    from vsd_mot.engine.launch import add_common_arguments

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', nargs='?', help='checkpoint file')
    parser.add_argument('--checkpoint', dest='checkpoint_option', help='checkpoint file')
    parser.add_argument('--out', metavar='FILE.json', help='write the metrics to this file, too')
    parser.add_argument(
        '--device', choices=['auto', 'cpu'], default='auto', help='cpu: leave GPUs alone'
    )
    add_common_arguments(parser)
    args = parser.parse_args()
    if args.checkpoint and args.checkpoint_option:
        parser.error('the checkpoint is given twice')
    args.checkpoint = args.checkpoint or args.checkpoint_option
    if args.out and Path(args.out).suffix != '.json':
        parser.error(f'--out {args.out}: the metrics are written as JSON, name it FILE.json')
    return args


def test(args: argparse.Namespace) -> None:
    """Tests as the command line says."""
    from mmengine.dist import is_main_process
    from mmengine.model import is_model_wrapper
    from mmengine.registry import RUNNERS
    from mmengine.runner import Runner
    from mmtrack.utils import register_all_modules
    from vsd_mot.engine.launch import check_checkpoint, prepare_config, start_process_group
    from vsd_mot.fileio import write_atomically

    register_all_modules(init_default_scope=False)
    cfg = prepare_config(args)
    if args.checkpoint:
        cfg.load_from = args.checkpoint
    check_checkpoint(cfg.get('load_from'))

    start_process_group(cfg)
    runner = RUNNERS.build(cfg) if 'runner_type' in cfg else Runner.from_cfg(cfg)
    # Parts that come with weights of their own, such as a detector, load them here.
    model = runner.model.module if is_model_wrapper(runner.model) else runner.model
    model.init_weights()
    metrics = runner.test()

    if args.out and is_main_process():
        content = json.dumps({name: float(value) for name, value in metrics.items()}, indent=2)
        write_atomically(args.out, f'{content}\n')
        print(f'metrics: {args.out}')


def main() -> int:
    """Runs the tool; errors that are the user's to solve come without a traceback."""
    args = parse_args()
    from vsd_mot.apis import TrackingError

    try:
        test(args)
    except (TrackingError, FileNotFoundError) as error:
        print(f'test: {error}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
