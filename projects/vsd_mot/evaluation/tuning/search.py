"""Search for the settings with which a tracker's HOTA is highest."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mmengine.config import Config

from ...extras import needed
from ..mot_files import evaluate_mot_files
from .replay import ProposalReplay, StoredSequence


@dataclass
class TunedSettings:
    """The outcome of a search.

    Attributes:
        settings: Best values by their keys in the config.
        score: Their mean HOTA over sets and sequences, in [0, 1].
        first: That of the config as it is.
        trials: How many settings were tried, the config's own included.
    """

    settings: dict[str, float | int | str | bool]
    score: float
    first: float
    trials: int


def tune(
    config: Config,
    space: Mapping[str, Sequence],
    *,
    sets: Sequence[Sequence[StoredSequence]],
    trials: int,
    seed: int = 0,
) -> TunedSettings:
    """Search by Optuna's tree-structured Parzen estimator.

    Args:
        config: Of the tracker; its own values are tried first.
        space: Keys of the config with dots, such as ``model.tracker.init_track_thr``, each with
            [lowest, highest] (two whole numbers: whole numbers only) or with a list of choices of
            another length or kind.
        sets: Sequences of each set, such as the clean and the degraded ones; sets count equally,
            and in a set its sequences.
        trials: Settings to try. Compare trackers after the same number.
        seed: Of the search.

    Returns:
        The best settings. Report them on other sequences than these.

    Raises:
        ValueError: There are no sequences, a tracker cannot be replayed, or the space is none.
    """
    check_space(config, space)
    if trials < 1:
        raise ValueError(f'{trials} trials: the config as it is is the first one')
    optuna = needed('optuna', extra='tune', by='tuning')
    if not sets or not all(sets):
        raise ValueError('a set to tune on has no sequences')
    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def score(settings: Mapping) -> float:
        changed = deepcopy(config)
        changed.merge_from_dict(dict(settings))
        replay = ProposalReplay(changed)
        return float(np.mean([np.mean([_hota(replay, s) for s in chosen]) for chosen in sets]))

    first = score({})
    study = optuna.create_study(
        direction='maximize', sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True)
    )
    study.optimize(
        lambda trial: score({key: _suggest(trial, key, span) for key, span in space.items()}),
        n_trials=trials - 1,
    )
    if trials < 2 or study.best_value <= first:
        return TunedSettings({}, first, first, trials)
    return TunedSettings(study.best_params, study.best_value, first, trials)


def check_space(config: Config, space: Mapping[str, Sequence]) -> None:
    """Refuse a space that a search would go through without effect, or not at all.

    Args:
        config: Of the tracker.
        space: See :func:`tune`.

    Raises:
        ValueError: It is empty, a key leads nowhere in the config, or its span is none.
    """
    if not isinstance(space, Mapping) or not space:
        raise ValueError(
            "the space has no settings: space={'model.tracker.init_track_thr': [0, 1]}"
        )
    for key, span in space.items():
        section = config
        for name in (names := str(key).split('.'))[:-1]:
            section = section.get(name) if isinstance(section, Mapping | Config) else None
        if len(names) < 2 or not isinstance(section, Mapping):
            raise ValueError(f'{key}: the config has no {key.rpartition(".")[0]} with settings')
        if not isinstance(span, list | tuple) or not span:
            raise ValueError(f'{key}: {span!r} is neither [lowest, highest] nor a list of choices')
        if _is_range(span) and not -np.inf < span[0] <= span[1] < np.inf:
            raise ValueError(f'{key}: {span[0]} to {span[1]} is no range')


def _is_range(span: Sequence) -> bool:
    return len(span) == 2 and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in span
    )


def _suggest(trial, key: str, span: Sequence) -> float | int | str | bool:
    if not _is_range(span):
        return trial.suggest_categorical(key, list(span))
    if all(isinstance(value, int) for value in span):
        return trial.suggest_int(key, *span)
    return trial.suggest_float(key, *span)


def _hota(replay: ProposalReplay, sequence: StoredSequence) -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f'{sequence.folder.name}.txt'
        file.write_text(replay(sequence))
        return evaluate_mot_files(sequence.folder, file).combined['HOTA']
