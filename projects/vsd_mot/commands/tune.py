"""Search thresholds and lifecycle of a tracker over stored proposals, by Optuna.

python tools/analysis_tools/tune.py configs/bytetrack/CONFIG.py \
    --space configs/_base_/tuning/bytetrack.py \
    --data data/own=data/own/proposals/train.proposals \
    --data data/LQown=data/LQown/proposals/train.proposals --trials 50 --out tuned.json

Each --data is a folder of sequences and a file with the proposals of all of them
(make_proposals.py --score-thr 0.01). The best settings are printed as --cfg-options and written to
--out. Give every tracker that is compared the same --trials, and report on other sequences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from mmengine.registry import init_default_scope
from mmtrack.utils import register_all_modules

from ..engine.configs import load_config
from ..evaluation.tuning import read_sequences, tune
from ..fileio import write_atomically
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config', help='config of a tracker')
    parser.add_argument('--space', required=True, help='config file with space=dict(...)')
    parser.add_argument(
        '--data',
        required=True,
        action='append',
        type=_folder_and_file,
        metavar='ROOT=FILE.proposals',
        help='a set; may be given several times',
    )
    parser.add_argument('--trials', type=int, default=50)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--out', metavar='FILE.json', help='write the outcome to this file, too')
    return parser.parse_args(args)


@one_line_errors('error', ValueError, KeyError, FileNotFoundError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    register_all_modules(init_default_scope=False)
    config = load_config(options.config)
    init_default_scope(config.get('default_scope', 'mmtrack'))
    space = load_config(options.space).space.to_dict()
    sets = [read_sequences(root, file) for root, file in options.data]
    tuned = tune(config, space, sets=sets, trials=options.trials, seed=options.seed)
    print(f'HOTA {100 * tuned.first:.2f} as it is, {100 * tuned.score:.2f} after {tuned.trials}')
    print('--cfg-options', *(f'{key}={value}' for key, value in tuned.settings.items()))
    if options.out:
        write_atomically(options.out, json.dumps(asdict(tuned), indent=2) + '\n')


def _folder_and_file(text: str) -> tuple[Path, Path]:
    root, _, file = text.partition('=')
    if not file:
        raise argparse.ArgumentTypeError(f'expected ROOT=FILE.proposals, got {text!r}')
    return Path(root), Path(file)
