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

from ..data_files import read_json_object
from ..engine.configs import load_config
from ..fileio import write_atomically

METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1')


# Says in a run's folder what its results are of.
OWNER_FILE = 'claimed.json'


@dataclass(frozen=True)
class TestSet:
    """A set to test on.

    Args:
        name: In the table and in the names of files.
        data_root: Its folder, in place of the ``data_root`` of the config.
    """

    __test__ = False  # not one of pytest's

    name: str
    data_root: str


@dataclass(frozen=True)
class Run:
    """A config to be trained with a seed.

    Args:
        name: The config's name in the table.
        config: Its file.
        seed: Of the training.
        folder: Where logs, checkpoints and metrics go.
        options: ``key=value`` for ``--cfg-options``, in training and testing.
        threads: CPU threads that a process may use. Raising it finishes a run sooner, and slows
            those beside it.
    """

    name: str
    config: str
    seed: int
    folder: Path
    options: tuple[str, ...]
    threads: int

    def reserve(self, sets: list[TestSet]) -> None:
        """Make the folder this run's own.

        Args:
            sets: The sets to test on.

        Raises:
            ValueError: If it has the results of another config, of other options, of other
                weights to start from, or of another set by the same name.
        """
        config = self.load()
        digest = hashlib.sha256((config.pretty_text + '\n'.join(self.options)).encode())
        if config.get('load_from') and Path(config.load_from).is_file():
            digest.update(Path(config.load_from).read_bytes())
        training, roots = digest.hexdigest(), {test.name: test.data_root for test in sets}
        owner = self.folder / OWNER_FILE
        if owner.exists():
            earlier = read_json_object(owner, 'training', 'sets')
            known: dict[str, str] = earlier['sets']
            if earlier['training'] != training or any(
                known.get(name, root) != root for name, root in roots.items()
            ):
                raise ValueError(
                    f'{self.folder} has results of another config, of other options, of other '
                    'weights to start from or of another set by the same name: choose another '
                    '--work-dir, or remove the folder'
                )
            roots = known | roots
        write_atomically(owner, json.dumps(dict(training=training, sets=roots), indent=2))

    def load(self) -> Config:
        """Return the config with the options, whose values stay text here."""
        return load_config(self.config, dict(option.split('=', 1) for option in self.options))

    def checkpoint(self) -> Path:
        """Return the checkpoint of the last epoch, which is there once the training is done."""
        return self.folder / f'epoch_{int(self.load().train_cfg.max_epochs)}.pth'

    def train(self) -> None:
        """Train, or go on from the last epoch, unless it is done."""
        if not self.checkpoint().exists():
            options = [*self.options, f'randomness.seed={self.seed}']
            self.call(
                'train', ['train', self.config, '--resume'], folder=self.folder, options=options
            )

    def test(self, test_set: TestSet) -> None:
        """Test on a set, unless it is done."""
        metrics = self.folder / f'{test_set.name}.json'
        if not metrics.exists():
            options = [*self.options, f'test_dataloader.dataset.data_root={test_set.data_root}']
            command = ['test', self.config, str(self.checkpoint()), '--out', str(metrics)]
            self.call(test_set.name, command, folder=self.folder / test_set.name, options=options)

    def scores(self, test_set: TestSet) -> dict[str, float] | None:
        """Return the ``METRICS`` on a set, in percent; None if it was not tested."""
        path = self.folder / f'{test_set.name}.json'
        if not path.exists():
            return None
        values = {key.split('/')[-1]: value for key, value in read_json_object(path).items()}
        return {metric: 100 * values[metric] for metric in METRICS}

    def call(self, log: str, command: list[str], *, folder: Path, options: list[str]) -> None:
        """Run a command in a process of its own.

        Args:
            log: Name of the log, without ``.log``.
            command: A command of ours and its arguments.
            folder: Its ``--work-dir``.
            options: Its ``--cfg-options``.

        Raises:
            RuntimeError: If it fails; with the end of its log.
        """
        path = self.folder / f'{log}.log'
        tool = [sys.executable, '-m', 'vsd_mot_cli', *command, '--work-dir', str(folder)]
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


def run_ladder(rows: dict[str, list[Run]], sets: list[TestSet], jobs: int) -> list[str]:
    """Train and test what is missing.

    Args:
        rows: Runs of each row of the table.
        sets: The sets to test on.
        jobs: Runs at a time. Raising it finishes sooner as long as there are cores and memory.

    Returns:
        What went wrong, a text for each run that failed.
    """
    runs = [run for row in rows.values() for run in row]
    errors = []
    with tqdm(total=len(runs) * (1 + len(sets)), desc='trainings and tests') as bar:

        def work(run: Run) -> None:
            try:
                run.train()
                bar.update()
                for test_set in sets:
                    run.test(test_set)
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


def table(rows: dict[str, list[Run]], sets: list[TestSet]) -> str:
    """Markdown: for each set a row for each config, mean over the seeds and half their range."""
    parts = []
    for test_set in sets:
        lines = [[test_set.name, *METRICS], ['---', *['---:'] * len(METRICS)]]
        for row, runs in rows.items():
            scores = [score for run in runs if (score := run.scores(test_set)) is not None]
            lines.append([row, *(summary([score[m] for score in scores]) for m in METRICS)])
        parts.append('\n'.join(f'| {" | ".join(line)} |' for line in lines))
    return '\n\n'.join(parts) + '\n'


def summary(values: list[float]) -> str:
    """Mean and half the range of a metric over the seeds."""
    if not values:
        return '-'
    spread = f' ± {np.ptp(values) / 2:.1f}' if len(values) > 1 else ''
    return f'{np.mean(values):.1f}{spread}'
