"""Scores of masks by TrackEval: J&F of label maps, and the MOTS scores."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import trackeval
from pycocotools import mask as coco_mask

from ..fileio import write_atomically
from ..video.mots_rows import PEDESTRIAN, MotsRow
from .mot_files import EvaluationError

J_AND_F = ('J&F', 'J-Mean', 'F-Mean', 'J-Recall', 'F-Recall')
TRACKER = 'ours'


class MaskRuns:
    """The masks of a video's frames, kept as run lengths.

    Attributes:
        frames: For each frame the packed mask of each identity that has a pixel.
    """

    def __init__(self) -> None:
        self.frames: list[dict[int, dict]] = []

    def append(self, labels: np.ndarray) -> None:
        """Add a frame: ``(H, W)`` integers, 0 and below are no object."""
        masks = {}
        for identity in np.unique(labels):
            if identity > 0:
                masks[int(identity)] = coco_mask.encode(
                    np.asfortranarray(labels == identity, dtype=np.uint8)
                )
        self.frames.append(masks)

    @property
    def identities(self) -> list[int]:
        """All identities, ascending."""
        return sorted({one for frame in self.frames for one in frame})

    def renumbered(self) -> tuple[list[np.ndarray], list[list[dict]], int]:
        """Identities from 0 and masks of each frame, and the number of identities."""
        place = {one: index for index, one in enumerate(self.identities)}
        ids = [np.array([place[one] for one in frame], int) for frame in self.frames]
        return ids, [list(frame.values()) for frame in self.frames], len(place)


def j_and_f(
    ground_truth: Mapping[str, MaskRuns], predictions: Mapping[str, MaskRuns]
) -> dict[str, dict[str, float]]:
    """Region and boundary scores of DAVIS, as TrackEval counts them.

    Identities are matched by the region score. A frame in which an object is neither there nor
    found counts as right.

    Args:
        ground_truth: Of each sequence; one without an object is left out.
        predictions: Of the same sequences and frames.

    Returns:
        Scores in 0..1 by name for each sequence, and under ``'all'`` their mean over objects.

    Raises:
        EvaluationError: Sequences or frames differ.
    """
    metric = trackeval.metrics.JAndF()
    results = {}
    for name, masks in ground_truth.items():
        if name not in predictions or len(predictions[name].frames) != len(masks.frames):
            count = len(predictions[name].frames) if name in predictions else 'no'
            raise EvaluationError(
                f'{name}: {count} frames with results, {len(masks.frames)} with ground truth'
            )
        if not masks.identities:
            continue
        data: dict[str, int | list] = dict(num_timesteps=len(masks.frames))
        for side, runs in (('gt', masks), ('tracker', predictions[name])):
            ids, dets, count = runs.renumbered()
            data.update({f'{side}_ids': ids, f'{side}_dets': dets, f'num_{side}_ids': count})
        with redirect_stdout(StringIO()):
            results[name] = metric.eval_sequence(data)
    if not results:
        raise EvaluationError('no sequence has an object')
    results['all'] = metric.combine_sequences(results)
    return {name: {key: float(scores[key]) for key in J_AND_F} for name, scores in results.items()}


def mots_scores(
    ground_truth: Mapping[str, MaskRuns], predictions: Mapping[str, MaskRuns]
) -> dict[str, dict[str, float]]:
    """HOTA, sMOTSA and IDF1 on masks, by TrackEval's reader of MOTS files.

    Args:
        ground_truth: Of each sequence.
        predictions: Of the same sequences.

    Returns:
        Scores in 0..1 by name for each sequence, and under ``'all'`` of all together.
    """
    with tempfile.TemporaryDirectory() as folder:
        for side, runs in (
            (Path(folder) / 'gt', ground_truth),
            (Path(folder) / TRACKER, predictions),
        ):
            for name, masks in runs.items():
                write_atomically(side / f'{name}.txt', mots_text(masks), sync=False)
        lengths = {name: len(masks.frames) for name, masks in ground_truth.items()}
        raw = _run_trackeval(Path(folder), lengths)
    scores = {}
    for name, classes in raw.items():
        values = classes['pedestrian']
        scores['all' if name == 'COMBINED_SEQ' else name] = dict(
            HOTA=float(np.mean(values['HOTA']['HOTA'])),
            DetA=float(np.mean(values['HOTA']['DetA'])),
            AssA=float(np.mean(values['HOTA']['AssA'])),
            sMOTSA=float(values['CLEAR']['sMOTA']),
            IDF1=float(values['Identity']['IDF1']),
        )
    return scores


def mots_text(masks: MaskRuns) -> str:
    """Return the masks of a video as a MOTS file, all of class pedestrian, frames from 1."""
    lines = []
    for number, frame in enumerate(masks.frames, start=1):
        for identity, packed in frame.items():
            size, counts = tuple(packed['size']), packed['counts'].decode()
            lines.append(str(MotsRow(number, identity, PEDESTRIAN, size, counts)))
    return '\n'.join(lines) + '\n'


def _run_trackeval(folder: Path, lengths: Mapping[str, int]) -> dict:
    dataset = dict(
        GT_FOLDER=str(folder / 'gt'),
        TRACKERS_FOLDER=str(folder),
        TRACKERS_TO_EVAL=[TRACKER],
        TRACKER_SUB_FOLDER='',
        GT_LOC_FORMAT='{gt_folder}/{seq}.txt',
        SEQ_INFO=dict(lengths),
        SKIP_SPLIT_FOL=True,
        PRINT_CONFIG=False,
    )
    quiet = dict.fromkeys(
        ('PRINT_RESULTS', 'PRINT_CONFIG', 'TIME_PROGRESS', 'OUTPUT_SUMMARY', 'OUTPUT_DETAILED',
         'PLOT_CURVES'), False,
    )  # fmt: skip
    metrics = [
        getattr(trackeval.metrics, name)(dict(PRINT_CONFIG=False))
        for name in ('HOTA', 'CLEAR', 'Identity')
    ]
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            data = trackeval.datasets.MOTSChallenge(dataset)
            evaluator = trackeval.Evaluator(dict(quiet, LOG_ON_ERROR=None, BREAK_ON_ERROR=True))
            output, _ = evaluator.evaluate([data], metrics)
    except trackeval.utils.TrackEvalException as error:
        raise EvaluationError(f'TrackEval refuses the masks: {error}') from error
    return output['MOTSChallenge'][TRACKER]


def without_later(labels: np.ndarray, known: Sequence[int]) -> np.ndarray:
    """Return a true label map with only the objects that were given so far.

    Args:
        labels: ``(H, W)`` integers.
        known: Identities that were given.
    """
    return np.where(np.isin(labels, list(known)), labels, 0)
