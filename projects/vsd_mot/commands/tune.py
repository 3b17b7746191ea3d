"""Search thresholds and lifecycle of a tracker over stored proposals, by Optuna."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from mmengine.registry import init_default_scope
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..engine.configs import load_config
from ..errors import ConfigError
from ..evaluation.tuning import read_sequences, tune
from ..fileio import require_writable, write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('tune')


@one_line_errors('error', ValueError, KeyError, FileNotFoundError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    register_all_modules(init_default_scope=False)
    config = load_config(options.config)
    init_default_scope(config.get('default_scope', 'mmtrack'))
    if options.out:
        require_writable(options.out)
    if 'space' not in (settings := load_config(options.space)):
        raise ConfigError(f'{options.space} has no space=dict(...) of settings to search')
    space = settings.to_dict()['space']
    sets = [read_sequences(Path(root), Path(file)) for root, file in options.data]
    for (root, file), sequences in zip(options.data, sets):
        print(f'{root}: {len(sequences)} sequences in {file}')
    tuned = tune(config, space, sets=sets, trials=options.trials, seed=options.seed)
    print(f'HOTA {100 * tuned.first:.2f} as it is, {100 * tuned.score:.2f} after {tuned.trials}')
    if tuned.settings:
        print('--cfg-options', *(f'{key}={value}' for key, value in tuned.settings.items()))
    else:
        print('nothing was better than the settings of the config')
    if options.out:
        write_atomically(options.out, json.dumps(asdict(tuned), indent=2) + '\n')
