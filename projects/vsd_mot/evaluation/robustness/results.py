"""The benchmark's results: kept cell by cell, summed up, written as tables."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np

from ...data_files import read_json_object
from ...degradation.corruptions import printed_name
from ...errors import DataFileError
from ...fileio import write_atomically
from .cells import CLEAN, METRICS

TABLE_METRICS = ('HOTA', 'DetA', 'AssA', 'IDF1')


_CELL = re.compile(rf'{CLEAN}|[\w.-]+/\d+(/\d+)?')


def _check(models: object, path: Path) -> None:
    """Refuse what this class has not written.

    Raises:
        DataFileError: A tracker has no fingerprint, or a cell no scores in [0, 1].
    """

    def fails(what: str) -> DataFileError:
        return DataFileError(f'{path} holds no results of the robustness benchmark: {what}')

    if not isinstance(models, dict):
        raise fails('"models" is no object')
    for name, model in models.items():
        if not isinstance(model, dict) or not isinstance(model.get('fingerprint'), str):
            raise fails(f'{name!r} has no fingerprint')
        if not isinstance(cells := model.get('cells'), dict):
            raise fails(f'{name!r} has no cells')
        for cell, scores in cells.items():
            numbers = scores.values() if isinstance(scores, dict) else [None]
            if not _CELL.fullmatch(cell) or not all(
                isinstance(one, int | float) and abs(one) < 1e6 for one in numbers
            ):
                raise fails(f'{cell!r} of {name!r} is no cell of finite scores')


class RobustnessResults:
    """Scores of several trackers, stored in a JSON file that is never half-written.

    Args:
        path: The file; results in it are continued.

    Raises:
        DataFileError: It holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.models: dict[str, dict] = {}
        if path.exists():
            self.models = read_json_object(path, 'models')['models']
            _check(self.models, path)

    def add_model(self, name: str, *, config: str, checkpoint: str | None, digest: str) -> None:
        """Name a tracker.

        Args:
            name: Its name in the tables.
            config: Name of its config file.
            checkpoint: Name of its weights' file, None where the config names them.
            digest: Of config and weights, see :func:`fingerprint`.

        Raises:
            ValueError: If cells of another model are stored by that name.
        """
        known = self.models.get(name)
        if known is not None and known['fingerprint'] != digest:
            raise ValueError(
                f'{self.path} has results of another {name!r} (its config or weights have '
                'changed): choose another --work-dir or --names, or remove the file'
            )
        if known is None:
            self.models[name] = dict(
                config=config, checkpoint=checkpoint, fingerprint=digest, cells={}
            )

    def has(self, name: str, cell: str) -> bool:
        """Whether a cell is done."""
        return cell in self.models[name]['cells']

    def put(self, name: str, cell: str, scores: dict[str, float]) -> None:
        """Store a cell."""
        self.models[name]['cells'][cell] = scores
        content = json.dumps(dict(models=self.models), indent=2)
        write_atomically(self.path, f'{content}\n')

    def score(self, name: str, cell: str, metric: str) -> float:
        """Return a score as a fraction of 1, NaN where the cell or metric is missing.

        Args:
            name: Of the tracker.
            cell: 'clean', or 'CORRUPTION/SEVERITY', whose seeds are averaged.
            metric: Such as HOTA.
        """
        cells = self.models[name]['cells']
        seeds = self.seeds() if cell != CLEAN else [0]
        known = [
            cells[one].get(metric, np.nan) for s in seeds if (one := of_seed(cell, s)) in cells
        ]
        return float(np.mean(known)) if known else float('nan')

    def seeds(self) -> list[int]:
        """Seeds of any cell, sorted."""
        cells = [cell for model in self.models.values() for cell in model['cells']]
        return sorted({int(seed) for cell in cells for seed in cell.split('/')[2:]} | {0})

    def spread(self, name: str, corruption: str, metric: str) -> float:
        """Return the standard deviation over seeds of the mean over severities; NaN for one."""
        cells, means = self.models[name]['cells'], []
        for seed in self.seeds():
            wanted = [of_seed(f'{corruption}/{s}', seed) for s in self.severities()]
            if all(cell in cells for cell in wanted):
                means.append(np.mean([cells[cell].get(metric, np.nan) for cell in wanted]))
        return float(np.std(means, ddof=1)) if len(means) > 1 else float('nan')

    def corruptions(self) -> list[str]:
        """Corruptions of any cell, in the order of the first tracker that has them."""
        cells = [cell for model in self.models.values() for cell in model['cells']]
        return list(dict.fromkeys(cell.split('/')[0] for cell in cells if cell != CLEAN))

    def severities(self) -> list[int]:
        """Severities of any cell, sorted."""
        cells = [cell for model in self.models.values() for cell in model['cells']]
        return sorted({int(cell.split('/')[1]) for cell in cells if cell != CLEAN})

    def corruption_mean(self, name: str, corruption: str, metric: str) -> float:
        """Mean over the severities."""
        scores = [self.score(name, f'{corruption}/{s}', metric) for s in self.severities()]
        return float(np.mean(scores))

    def mean(self, name: str, metric: str) -> float:
        """Mean over all corruptions and severities."""
        means = [self.corruption_mean(name, c, metric) for c in self.corruptions()]
        return float(np.mean(means)) if means else float('nan')

    def relative(self, name: str, metric: str) -> float:
        """Mean over corruptions as a part of the clean score; NaN where that is 0 or missing."""
        clean = self.score(name, CLEAN, metric)
        return self.mean(name, metric) / clean if clean else float('nan')

    def table(self) -> str:
        """Markdown: for each metric a row per tracker; scores in percent.

        Columns: clean, mean over corruptions, that relative to clean, then each corruption's mean
        over its severities, with its standard deviation over the seeds where there are several.
        """
        corruptions = self.corruptions()
        parts = []
        for metric in TABLE_METRICS:
            head = [metric, 'clean', 'corrupted', 'relative', *map(printed_name, corruptions)]
            rows = [head, ['---', *['---:'] * (len(head) - 1)]]
            for name in self.models:
                values = [self.score(name, CLEAN, metric), self.mean(name, metric)]
                values += [self.relative(name, metric)]
                means = [
                    _percent(self.corruption_mean(name, c, metric), self.spread(name, c, metric))
                    for c in corruptions
                ]
                rows.append([name, *(_percent(value) for value in values), *means])
            parts.append('\n'.join(f'| {" | ".join(row)} |' for row in rows))
        return '\n\n'.join(parts) + '\n'

    def csv(self) -> str:
        """One line per tracker, corruption and severity, scores in percent."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator='\n')
        writer.writerow(['model', 'corruption', 'severity', 'seed', *METRICS])
        for name, model in self.models.items():
            for cell in model['cells']:
                corruption, severity, seed = [*cell.split('/'), '0', '0'][:3]
                scores = [model['cells'][cell].get(metric, np.nan) for metric in METRICS]
                writer.writerow([name, corruption, severity, seed, *map(_percent, scores)])
        return text.getvalue()


def of_seed(cell: str, seed: int) -> str:
    """Return the name of a cell 'CORRUPTION/SEVERITY' measured with a seed."""
    return f'{cell}/{seed}' if seed else cell


def _percent(value: float, spread: float = float('nan')) -> str:
    if np.isnan(value):
        return '-'
    return f'{100 * value:.1f}' if np.isnan(spread) else f'{100 * value:.1f} ± {100 * spread:.1f}'
