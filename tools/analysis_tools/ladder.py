"""Train several configs with several seeds, test them on several sets, and make one table.

Every config is trained with every seed under the budget of its schedule, then tested on each
``--test`` set. ``table.md`` has the means over the seeds and how far the seeds lie apart,
``results.json`` every single score. A command that was interrupted is continued by repeating it:
finished trainings and tests are kept, an unfinished training goes on from its last epoch.

The tiny ladder of table V, with VSE-MOT beside it::

    python tools/analysis_tools/ladder.py \
        configs/vsd_mot/{motrv2,distill,dcsd,vsd-mot}_tiny_*.py \
        configs/vse_mot/vse-mot_tiny_*.py \
        --names MOTRv2 "+ distillation" "+ DCSD" VSD-MOT VSE-MOT --seeds 0 1 --jobs 2 \
        --test clean=data/synthetic/ low-quality=data/LQsynthetic/
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mmengine.config import Config
from tqdm import tqdm
from vsd_mot.fileio import write_atomically

METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1')
TOOLS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Run:
    """A config to be trained with a seed.

    Args:
        name: The config's name in the table.
        config: Its file.
        seed: Of the training.
        folder: Where logs, checkpoints and metrics go.
        options: ``key=value`` for ``--cfg-options``, in training and testing.
        threads: CPU threads that a process may use.
    """

    name: str
    config: str
    seed: int
    folder: Path
    options: tuple[str, ...]
    threads: int

    def claim(self, sets: list[tuple[str, str]]) -> None:
        """Make the folder this run's own.

        Args:
            sets: Name and data root of the sets to test on.

        Raises:
            ValueError: If it has the results of another config, of other options, of other
                weights to start from, or of another set by the same name.
        """
        config = self.load()
        digest = hashlib.sha256((config.pretty_text + '\n'.join(self.options)).encode())
        if config.get('load_from') and Path(config.load_from).is_file():
            digest.update(Path(config.load_from).read_bytes())
        mark = self.folder / 'claimed.json'
        content = {'training': digest.hexdigest(), 'sets': {}}
        if mark.exists():
            content = json.loads(mark.read_text())
            others = [n for n, folder in sets if content['sets'].get(n, folder) != folder]
            if content['training'] != digest.hexdigest() or others:
                raise ValueError(
                    f'{self.folder} has results of another config, of other options, of other '
                    'weights to start from or of another set by the same name: choose another '
                    '--work-dir, or remove the folder'
                )
        content['sets'].update(sets)
        write_atomically(mark, json.dumps(content, indent=2))

    def load(self) -> Config:
        """The config with the options, whose values stay text here."""
        config = Config.fromfile(self.config)
        config.merge_from_dict(dict(option.split('=', 1) for option in self.options))
        return config

    def checkpoint(self) -> Path:
        """The checkpoint of the last epoch, which is there once the training is done."""
        return self.folder / f'epoch_{int(self.load().train_cfg.max_epochs)}.pth'

    def train(self) -> None:
        """Train, or go on from the last epoch, unless it is done."""
        if not self.checkpoint().exists():
            options = [*self.options, f'randomness.seed={self.seed}']
            self.call('train', ['train.py', self.config, '--resume'], self.folder, options)

    def test(self, name: str, data_root: str) -> None:
        """Test on a set, unless it is done."""
        metrics = self.folder / f'{name}.json'
        if not metrics.exists():
            options = [*self.options, f'test_dataloader.dataset.data_root={data_root}']
            command = ['test.py', self.config, str(self.checkpoint()), '--out', str(metrics)]
            self.call(name, command, self.folder / name, options)

    def scores(self, name: str) -> dict[str, float] | None:
        """The ``METRICS`` on a set, in percent; None if it was not tested."""
        path = self.folder / f'{name}.json'
        if not path.exists():
            return None
        found = {key.split('/')[-1]: value for key, value in json.loads(path.read_text()).items()}
        return {metric: 100 * found[metric] for metric in METRICS}

    def call(self, log: str, command: list[str], folder: Path, options: list[str]) -> None:
        """Run one of the tools.

        Raises:
            RuntimeError: If it fails; with the end of its log.
        """
        path = self.folder / f'{log}.log'
        tool = [sys.executable, str(TOOLS / command[0]), *command[1:], '--work-dir', str(folder)]
        environment = {**os.environ, 'OMP_NUM_THREADS': str(self.threads)}
        with path.open('a') as output:
            status = subprocess.run(
                [*tool, '--cfg-options', *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                check=False,
            ).returncode
        if status:
            end = '\n'.join(path.read_text(errors='replace').splitlines()[-5:])
            raise RuntimeError(f'{command[0]} failed, see {path}\n{end}')


def named_folder(text: str) -> tuple[str, str]:
    """Split NAME=DATA_ROOT; the name becomes that of a log and of a result file."""
    name, _, folder = text.partition('=')
    if not re.fullmatch(r'\w[\w-]*', name) or name in ('train', 'claimed') or not folder:
        raise argparse.ArgumentTypeError(f'expected NAME=DATA_ROOT, got {text!r}')
    return name, folder


def option(text: str) -> str:
    """Check KEY=VALUE."""
    if not text.partition('=')[2]:
        raise argparse.ArgumentTypeError(f'expected KEY=VALUE, got {text!r}')
    return text


def parse_args(args: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('configs', nargs='+', help='in the order of the table')
    parser.add_argument('--names', nargs='+', help="of the rows (default: the configs')")
    parser.add_argument('--seeds', nargs='+', type=int, default=[0, 1])
    parser.add_argument(
        '--test',
        nargs='+',
        type=named_folder,
        required=True,
        metavar='NAME=DATA_ROOT',
        help='the sets to test on, each in place of the data_root of the config',
    )
    parser.add_argument('--jobs', type=int, default=1, help='trainings at a time')
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs/ladder'))
    parser.add_argument(
        '--cfg-options', nargs='+', type=option, default=[], metavar='KEY=VALUE', help='for all'
    )
    options = parser.parse_args(args)
    options.names = options.names or [Path(config).stem for config in options.configs]
    if len(options.names) != len(options.configs) or len(set(options.names)) != len(options.names):
        parser.error(f'{len(options.configs)} different --names are needed')
    # A run's folder is named by its config and seed, a test's files by its set.
    stems = [Path(config).stem for config in options.configs]
    for what, values in (
        ('configs', stems),
        ('--seeds', options.seeds),
        ('--test', [name for name, _ in options.test]),
    ):
        if len(set(values)) != len(values):
            parser.error(f'{what}: each may be given once')
    if options.jobs < 1:
        parser.error('--jobs must be at least 1')
    return options


def plan(options: argparse.Namespace) -> dict[str, list[Run]]:
    """The runs of each row.

    Raises:
        FileNotFoundError: If a config is missing.
        ValueError: If a folder has other results.
    """
    threads = max(1, (os.cpu_count() or 1) // options.jobs)
    rows = {}
    for name, config in zip(options.names, options.configs):
        stem = Path(config).stem
        rows[name] = [
            Run(
                name,
                config,
                seed,
                options.work_dir / stem / f'seed{seed}',
                tuple(options.cfg_options),
                threads,
            )
            for seed in options.seeds
        ]
    for run in (run for row in rows.values() for run in row):
        run.claim(options.test)
    return rows


def carry_out(rows: dict[str, list[Run]], sets: list[tuple[str, str]], jobs: int) -> list[str]:
    """Train and test what is missing; returns what went wrong."""
    runs = [run for row in rows.values() for run in row]
    errors = []
    with tqdm(total=len(runs) * (1 + len(sets)), desc='trainings and tests') as bar:

        def work(run: Run) -> None:
            try:
                run.train()
                bar.update()
                for name, folder in sets:
                    run.test(name, folder)
                    bar.update()
            except Exception as error:  # a full disk, say: the other runs go on
                errors.append(f'{run.name}, seed {run.seed}: {error}')

        with ThreadPoolExecutor(jobs) as pool:
            futures = [pool.submit(work, run) for run in runs]
            try:
                for future in futures:
                    future.result()
            except KeyboardInterrupt:
                # Ctrl-C reaches the running tools as well; the others are not to begin.
                pool.shutdown(cancel_futures=True)
                raise
    return errors


def table(rows: dict[str, list[Run]], sets: list[tuple[str, str]]) -> str:
    """Markdown: for each set a row for each config, mean over the seeds and half their range."""
    parts = []
    for name, _ in sets:
        lines = [[name, *METRICS], ['---', *['---:'] * len(METRICS)]]
        for row, runs in rows.items():
            scores = [score for run in runs if (score := run.scores(name)) is not None]
            lines.append([row, *(summary([score[m] for score in scores]) for m in METRICS)])
        parts.append('\n'.join(f'| {" | ".join(line)} |' for line in lines))
    return '\n\n'.join(parts) + '\n'


def summary(values: list[float]) -> str:
    """Mean and half the range of a metric over the seeds."""
    if not values:
        return '-'
    spread = f' ± {np.ptp(values) / 2:.1f}' if len(values) > 1 else ''
    return f'{np.mean(values):.1f}{spread}'


def main(args: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parse_args(args)
    try:
        rows = plan(options)
    except (OSError, ValueError) as error:
        print(f'ladder: {error}', file=sys.stderr)
        return 1
    try:
        errors = carry_out(rows, options.test, options.jobs)
    except KeyboardInterrupt:
        print('ladder: interrupted; repeat the command to continue', file=sys.stderr)
        return 130
    text = table(rows, options.test)
    scores = {
        row: {run.seed: {name: run.scores(name) for name, _ in options.test} for run in runs}
        for row, runs in rows.items()
    }
    write_atomically(options.work_dir / 'table.md', text)
    write_atomically(options.work_dir / 'results.json', json.dumps(scores, indent=2))
    print(text)
    for error in errors:
        print(f'ladder: {error}', file=sys.stderr)
    return 1 if errors else 0


if __name__ == '__main__':
    sys.exit(main())
