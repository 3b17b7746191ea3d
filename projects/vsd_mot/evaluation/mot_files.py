"""Score MOTChallenge result files against ground truth, by TrackEval."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import trackeval
from tabulate import tabulate

from ..mot_layout import find_sequences, read_seqinfo
from ..mot_text import MotRows, read_mot_rows
from .other_formats import as_result_text, as_sequences

TRACKER = 'tracker'
PLAIN = 'no classes, every row counts'  # beside the rules of MOT17 and MOT20
METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1', 'MOTP', 'IDSW', 'FP', 'FN', 'TP', 'Frag')
TABLE_METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1', 'IDSW')
COUNTS = ('IDSW', 'FP', 'FN', 'TP', 'Frag')


class EvaluationError(ValueError):
    """Results that cannot be scored; the message says which file and why."""


@dataclass
class MotScores:
    """Scores of a tracker.

    Attributes:
        combined: Metric name to value over all sequences together (TrackEval's COMBINED_SEQ).
            Ratios are fractions of 1, as MMTracking reports them; IDSW, FP, FN, TP and Frag are
            counts.
        sequences: The same for each sequence.
        note: What is to be said of the way they were scored, None when nothing is.
    """

    combined: dict[str, float]
    sequences: dict[str, dict[str, float]]
    note: str | None = None

    def table(self, metrics: Sequence[str] = TABLE_METRICS) -> str:
        """Return a table of percentages and counts, one row per sequence and one for all."""
        rows = list(self.sequences.items())
        if len(rows) > 1:
            rows.append(('all', self.combined))
        body = [
            [name, *(_formatted(metric, row[metric]) for metric in metrics)] for name, row in rows
        ]
        return tabulate(
            body,
            headers=['sequence', *metrics],
            colalign=('left', *['right'] * len(metrics)),
            disable_numparse=True,
        )


def _formatted(metric: str, value: float) -> str:
    return f'{value:.0f}' if metric in COUNTS else f'{100 * value:.1f}'


def evaluate_mot_files(
    ground_truth: str | Path,
    results: str | Path,
    sequences: Sequence[str] | None = None,
) -> MotScores:
    """Compute HOTA, DetA, AssA, MOTA, IDF1 and their counts.

    Boxes keep their fractions (MMTracking's metric truncates those of the ground truth). Ground
    truth with classes (MOT16/17/20, DanceTrack) is preprocessed as MOTChallenge demands: results on
    distractors are removed, and only pedestrians are counted. In ground truth without classes
    (MOT15, which has a position in space there, or -1) every row counts whose 7th field is not 0.
    Each sequence is scored by the rules of its own ground truth; `note` says where they differ.

    Args:
        ground_truth: A folder of sequences, or one sequence, each with `gt/gt.txt` and, if it is
            to be exact about the length, `seqinfo.ini`, whose `seqLength` is the last frame's
            number, not the count of frames where numbers are left out. Or a file of COCO or CVAT
            with tracks, each of whose videos is a sequence.
        results: A folder with `<sequence>.txt` or `<sequence>/<sequence>.txt` of each sequence; for
            a single sequence its text file may be given. Or a file of COCO or CVAT.
        sequences: Names of the sequences to score. None takes all that have ground truth.

    Raises:
        EvaluationError: No ground truth, a missing result file, or results beyond the last frame.
        MotTextError: A line of a file is wrong.
        DataFileError: The same of a COCO or CVAT file.
    """
    with tempfile.TemporaryDirectory() as folder:
        truth, notes = as_sequences(Path(ground_truth), Path(folder, 'sequences'))
        folders = _find_sequences(truth, sequences)
        text = as_result_text(Path(results), Path(folder, 'texts'))
        files = _find_results(text, list(folders))
        staged = {
            name: _stage(Path(folder), name, sequence=sequence, result=files[name])
            for name, sequence in folders.items()
        }
        rules = _rules_of(staged)
        if not any(rules.values()):
            where = ', '.join(str(path / 'gt' / 'gt.txt') for path in folders.values())
            raise EvaluationError(f'{where}: empty, there is nothing to score')
        raw: dict[str, dict] = {}
        for rule in dict.fromkeys(rules.values()):
            lengths = {name: staged[name].length for name in folders if rules[name] == rule}
            raw.update(_run_trackeval(Path(folder), lengths, rule or PLAIN))
    combined = {
        metric.get_name(): metric.combine_sequences(
            {name: result[metric.get_name()] for name, result in raw.items()}
        )
        for metric in _metrics()
    }
    notes += [
        _note(rules),
        None if sequences else _unscored(truth, text, files),
    ]
    return MotScores(
        _pick(combined),
        {name: _pick(raw[name]) for name in folders},
        '\n'.join(note for note in notes if note) or None,
    )


def _unscored(truth: Path, results: Path, files: dict[str, Path]) -> str | None:
    """Say which result files and sequences beside those that were scored have no counterpart."""
    if results.is_file():
        return None
    others = {path.stem for path in results.glob('*.txt')}
    if not (truth / 'gt').is_dir():
        others |= {path.name for path in find_sequences(truth)}
    if not (names := sorted(others - set(files))):
        return None
    return (
        f'{len(names)} not scored, for there is no ground truth of them in {truth}: '
        f'{", ".join(names[:5])}{" ..." if len(names) > 5 else ""}'
    )


def _rules_of(staged: dict[str, _StagedSequence]) -> dict[str, str | None]:
    """Return by whose rules each sequence is scored; None where nobody is in its ground truth.

    Such a sequence is scored as those with classes are, should there be any.
    """
    rules: dict[str, str | None] = {}
    for name, sequence in staged.items():
        # MOT20 has a further distractor, vehicles without motor.
        with_classes = 'MOT20' if name.startswith('MOT20') else 'MOT17'
        rules[name] = {True: with_classes, False: PLAIN, None: None}[sequence.has_classes]
    return rules


def _note(rules: dict[str, str | None]) -> str | None:
    """Say which sequences were scored by other rules than the rest."""
    used = list(dict.fromkeys(rule for rule in rules.values() if rule))
    if len(used) < 2:
        return None
    names = {rule: [name for name in rules if rules[name] == rule] for rule in used}
    listed = '; '.join(
        f'{rule}: {", ".join(group[:5])}{" ..." if len(group) > 5 else ""}'
        for rule, group in names.items()
    )
    return f'the sequences were scored by different rules ({listed})'


def _find_sequences(root: Path, names: Sequence[str] | None) -> dict[str, Path]:
    if (root / 'gt' / 'gt.txt').is_file():
        folders = {root.resolve().name: root}
    else:
        files = sorted(root.glob('*/gt/gt.txt'))
        folders = {path.parents[1].name: path.parents[1] for path in files}
    if not folders:
        raise EvaluationError(
            f'no ground truth in {root}: expected gt/gt.txt in it, or in folders in it'
        )
    if names is None:
        return folders
    if missing := [name for name in names if name not in folders]:
        raise EvaluationError(f'no ground truth of {", ".join(missing)} in {root}')
    return {name: folders[name] for name in names}


def _find_results(results: Path, names: list[str]) -> dict[str, Path]:
    if results.is_file():
        if len(names) > 1:
            raise EvaluationError(
                f'{results} is one file, but there is ground truth of {len(names)} sequences '
                f'({", ".join(names[:5])}): give a folder with one file each, or choose one'
            )
        return {names[0]: results}
    files = {name: results / f'{name}.txt' for name in names}
    for name, path in files.items():
        if not path.is_file():  # as many videos are tracked, each with a folder of its own
            files[name] = results / name / path.name
    if missing := [str(path) for path in files.values() if not path.is_file()]:
        raise EvaluationError(
            f'{len(missing)} of {len(names)} result files are missing: {", ".join(missing[:5])}'
            ' (a sequence with no tracks at all has an empty file)'
        )
    return files


@dataclass(frozen=True)
class _StagedSequence:
    """A sequence as TrackEval reads it: length, and if rows have classes (None: no rows)."""

    length: int
    has_classes: bool | None


def _stage(folder: Path, name: str, *, sequence: Path, result: Path) -> _StagedSequence:
    """Write a sequence in the form that TrackEval reads.

    TrackEval makes tables as long as the largest frame number and identity: both are counted anew.
    Frames that neither file has do not count in any metric.
    """
    truth = read_mot_rows(sequence / 'gt' / 'gt.txt')
    tracks = read_mot_rows(result)
    length = _sequence_length(sequence) or int(truth.frames.max(initial=0))
    for rows in (truth, tracks):
        rows.require_columns()
        rows.require_unique()
        last = int(rows.frames.max(initial=0))
        if last > length and (length or rows is truth):
            raise EvaluationError(
                f'{rows.path} has frame {last}, but {name} ends with frame {length} (seqLength in '
                'its seqinfo.ini, else the last frame of gt.txt). Frames count as the image files '
                'are numbered, gaps included: correct seqLength, or the file is of another video'
            )
    has_classes = truth.has_classes()
    kinds = truth.column(8, 1) if has_classes else np.ones(len(truth))
    numbers = np.union1d(truth.frames, tracks.frames)
    _write(
        folder / 'gt' / f'{name}.txt',
        truth,
        numbers=numbers,
        kinds=kinds,
        visibility=truth.column(9, -1),
    )
    none = np.full(len(tracks), -1.0)
    _write(
        folder / 'results' / TRACKER / f'{name}.txt',
        tracks,
        numbers=numbers,
        kinds=none,
        visibility=none,
    )
    return _StagedSequence(max(1, len(numbers)), has_classes if len(truth) else None)


def _sequence_length(sequence: Path) -> int | None:
    try:
        length = read_seqinfo(sequence).get('seqlength')
    except ValueError as error:
        raise EvaluationError(str(error)) from error
    if length is None:
        return None
    if not length.isdecimal():
        raise EvaluationError(
            f'{sequence / "seqinfo.ini"}: seqLength={length} must be the number of the last frame'
        )
    return int(length)


def _write(
    path: Path, rows: MotRows, *, numbers: np.ndarray, kinds: np.ndarray, visibility: np.ndarray
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = np.searchsorted(numbers, rows.frames) + 1
    columns = (frames, rows.compact_ids(), *rows.boxes.T, rows.column(7, 1), kinds, visibility)
    with path.open('w') as file:
        for frame, track, x, y, w, h, score, kind, visible_share in zip(
            *(c.tolist() for c in columns)
        ):
            file.write(
                f'{frame},{track},{x!r},{y!r},{w!r},{h!r},{score!r},{kind:.0f},{visible_share!r}\n'
            )


def _metrics() -> list:
    return [
        getattr(trackeval.metrics, name)(dict(METRICS=[name], THRESHOLD=0.5, PRINT_CONFIG=False))
        for name in ('HOTA', 'CLEAR', 'Identity')
    ]


def _run_trackeval(folder: Path, lengths: dict[str, int], rules: str) -> dict[str, dict]:
    """Score sequences by the same rules; returns TrackEval's results of each, by metric."""
    quiet = dict(
        PRINT_RESULTS=False,
        PRINT_CONFIG=False,
        TIME_PROGRESS=False,
        OUTPUT_SUMMARY=False,
        OUTPUT_DETAILED=False,
        PLOT_CURVES=False,
        LOG_ON_ERROR=None,
        BREAK_ON_ERROR=True,
    )
    dataset = dict(
        GT_FOLDER=str(folder / 'gt'),
        TRACKERS_FOLDER=str(folder / 'results'),
        TRACKERS_TO_EVAL=[TRACKER],
        CLASSES_TO_EVAL=['pedestrian'],
        BENCHMARK='MOT20' if rules == 'MOT20' else 'MOT17',
        TRACKER_SUB_FOLDER='',
        PRINT_CONFIG=False,
        DO_PREPROC=rules != PLAIN,
        SEQ_INFO=lengths,
        GT_LOC_FORMAT='{gt_folder}/{seq}.txt',
        SKIP_SPLIT_FOL=True,
    )
    try:
        # It prints whatever its settings say, also tracebacks of what it raises.
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            data = trackeval.datasets.MotChallenge2DBox(dataset)
            output, _ = trackeval.Evaluator(quiet).evaluate([data], _metrics())
    except trackeval.utils.TrackEvalException as error:
        raise EvaluationError(f'TrackEval refuses the files: {error}') from error
    results = output['MotChallenge2DBox'][TRACKER]
    return {name: results[name]['pedestrian'] for name in lengths}


def _pick(raw: dict) -> dict[str, float]:
    """Return the metrics of a sequence; HOTA and its parts are means over the 19 thresholds."""
    hota, clear, identity = raw['HOTA'], raw['CLEAR'], raw['Identity']
    scores = {name: float(np.mean(hota[name])) for name in ('HOTA', 'DetA', 'AssA')}
    scores.update(
        MOTA=float(clear['MOTA']), MOTP=float(clear['MOTP']), IDF1=float(identity['IDF1'])
    )
    scores.update({name: float(clear[f'CLR_{name}']) for name in ('FP', 'FN', 'TP')})
    scores.update(IDSW=float(clear['IDSW']), Frag=float(clear['Frag']))
    return {name: scores[name] for name in METRICS}
