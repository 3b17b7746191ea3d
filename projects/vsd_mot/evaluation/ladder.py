"""Trainings and tests of several configs with several seeds, and their table."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mmengine.config import Config
from tqdm import tqdm

from ..fileio import write_atomically

METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1')


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
        """Return the config with the options, whose values stay text here."""
        config = Config.fromfile(self.config)
        config.merge_from_dict(dict(option.split('=', 1) for option in self.options))
        return config

    def checkpoint(self) -> Path:
        """Return the checkpoint of the last epoch, which is there once the training is done."""
        return self.folder / f'epoch_{int(self.load().train_cfg.max_epochs)}.pth'

    def train(self) -> None:
        """Train, or go on from the last epoch, unless it is done."""
        if not self.checkpoint().exists():
            options = [*self.options, f'randomness.seed={self.seed}']
            self.call('train', ['train', self.config, '--resume'], self.folder, options)

    def test(self, name: str, data_root: str) -> None:
        """Test on a set, unless it is done."""
        metrics = self.folder / f'{name}.json'
        if not metrics.exists():
            options = [*self.options, f'test_dataloader.dataset.data_root={data_root}']
            command = ['test', self.config, str(self.checkpoint()), '--out', str(metrics)]
            self.call(name, command, self.folder / name, options)

    def scores(self, name: str) -> dict[str, float] | None:
        """Return the ``METRICS`` on a set, in percent; None if it was not tested."""
        path = self.folder / f'{name}.json'
        if not path.exists():
            return None
        found = {key.split('/')[-1]: value for key, value in json.loads(path.read_text()).items()}
        return {metric: 100 * found[metric] for metric in METRICS}

    def call(self, log: str, command: list[str], folder: Path, options: list[str]) -> None:
        """Run a command in a process of its own.

        Raises:
            RuntimeError: If it fails; with the end of its log.
        """
        path = self.folder / f'{log}.log'
        tool = [sys.executable, '-m', 'vsd_mot.commands', *command, '--work-dir', str(folder)]
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


def run_ladder(rows: dict[str, list[Run]], sets: list[tuple[str, str]], jobs: int) -> list[str]:
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
