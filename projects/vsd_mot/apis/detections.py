"""Detections of a frame, in whatever form a detector gives them, brought to one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from mmengine.structures import BaseDataElement

from ..errors import ProposalError
from ..mot_text import MAX_COORDINATE

MAX_DETECTIONS = 5000  # of a frame: memory and time grow with their square
FORMS = (
    'an array (P, 4), (P, 5) with scores or (P, 6) with labels, a tuple (boxes, scores[, labels]), '
    "a dictionary with 'boxes', supervision.Detections, or MMDetection's InstanceData or "
    'DetDataSample'
)


class Detections(NamedTuple):
    """P detections of a frame.

    Attributes:
        boxes: (P, 4) float32 (x_min, y_min, x_max, y_max) in pixels of the original picture.
        scores: (P,) float32 in [0, 1].
        labels: (P,) int64 classes, from 0.
        names: Names of classes by label, as far as the detector said them.
    """

    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    names: dict[int, str]

    @classmethod
    def none(cls) -> Detections:
        """Return those of a frame in which there is nobody."""
        empty = np.zeros(0, np.float32)
        return cls(empty.reshape(0, 4), empty, np.zeros(0, np.int64), {})


def as_detections(
    value: Any, where: str = 'the detections', size: tuple[int, int] | None = None
) -> Detections:
    """Bring detections of a frame to one form, and check them.

    Args:
        value: An array or tensor (P, 4) of (x_min, y_min, x_max, y_max) in pixels of the original
            picture, (P, 5) with scores, (P, 6) with labels; a tuple of boxes, scores and maybe
            labels; a dictionary of ``boxes`` (or ``bboxes``), ``scores`` and ``labels``;
            ``supervision.Detections``, whose ``class_name`` are taken, too; MMDetection's
            ``InstanceData`` or ``DetDataSample``. None is nobody. Without scores they are 1,
            without labels 0.
        where: What errors begin with.
        size: (width, height) of the picture in pixels, by which normalised boxes are known.

    Raises:
        ProposalError: It has another form, numbers that are not finite, boxes that cannot be in
            pixels, scores outside of [0, 1], or labels that are no whole numbers from 0.
    """
    if value is None:
        return Detections.none()
    boxes, scores, labels, names = _columns(value, where)
    boxes = _numbers(boxes, f'{where}: boxes')
    if boxes.size == 0:
        return Detections.none()
    if boxes.ndim != 2 or boxes.shape[1] not in (4, 5, 6):
        raise ProposalError(f'{where}: boxes have the shape {boxes.shape}, and must be {FORMS}')
    if boxes.shape[1] > 4:
        if scores is not None:
            raise ProposalError(
                f'{where}: scores are there twice: {boxes.shape[1]} columns of boxes'
            )
        scores = boxes[:, 4]
        labels = boxes[:, 5] if boxes.shape[1] == 6 else labels
        boxes = boxes[:, :4]
    _check_boxes(boxes, where, size)
    return Detections(
        boxes.astype(np.float32),
        _checked_scores(scores, len(boxes), where),
        _checked_labels(labels, len(boxes), where),
        names,
    )


def _columns(value: Any, where: str) -> tuple[Any, Any, Any, dict[int, str]]:
    """Return boxes, scores, labels and names of any form; None for what it lacks."""
    if isinstance(value, Detections):
        return value.boxes, value.scores, value.labels, value.names
    if isinstance(value, BaseDataElement):
        value = value.get('pred_instances', value)
        return value.get('bboxes'), value.get('scores'), value.get('labels'), {}
    if hasattr(value, 'xyxy'):
        names = _names(value.class_id, value.data.get('class_name'))
        return value.xyxy, value.confidence, value.class_id, names
    if isinstance(value, Mapping):
        boxes = value.get('boxes', value.get('bboxes'))
        if boxes is None:
            raise ProposalError(f'{where}: a dictionary without boxes; detections are {FORMS}')
        return boxes, value.get('scores'), value.get('labels'), {}
    if isinstance(value, tuple):
        if len(value) not in (2, 3):
            raise ProposalError(f'{where}: a tuple of {len(value)}; detections are {FORMS}')
        return value[0], value[1], value[2] if len(value) == 3 else None, {}
    return value, None, None, {}


def _names(labels: Any, names: Sequence[str] | None) -> dict[int, str]:
    if labels is None or names is None:
        return {}
    return {int(label): str(name) for label, name in zip(labels, names)}


def _numbers(value: Any, where: str) -> np.ndarray:
    """Return numbers as float64, from whatever device they are on."""
    if hasattr(value, 'detach'):
        value = value.detach().cpu()
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError) as error:
        raise ProposalError(f'{where} are no numbers ({error}); detections are {FORMS}') from error
    if not np.isfinite(array).all():
        raise ProposalError(f'{where} hold numbers that are not finite')
    return array


def _check_boxes(boxes: np.ndarray, where: str, size: tuple[int, int] | None) -> None:
    if len(boxes) > MAX_DETECTIONS:
        raise ProposalError(
            f'{where}: {len(boxes)} detections in one frame, at most {MAX_DETECTIONS} can be '
            'tracked from: leave out those with low scores'
        )
    turned = (boxes[:, 2] < boxes[:, 0]) | (boxes[:, 3] < boxes[:, 1])
    if turned.any():
        corners = ', '.join(f'{number:g}' for number in boxes[turned.argmax()])
        raise ProposalError(
            f'{where}: the box ({corners}) ends before it begins: boxes are (x_min, y_min, x_max, '
            'y_max), not (x, y, width, height)'
        )
    if np.abs(boxes).max() > MAX_COORDINATE:
        raise ProposalError(
            f'{where}: a box beyond {MAX_COORDINATE:g} pixels: no picture is so large'
        )
    if np.abs(boxes).max() <= 1 and (size is None or min(size) > 2):
        raise ProposalError(
            f'{where}: all boxes lie within one pixel: they seem to be normalised; multiply them '
            'by the width and height of the picture'
        )


def _checked_scores(scores: Any, count: int, where: str) -> np.ndarray:
    if scores is None:
        return np.ones(count, np.float32)
    array = _numbers(scores, f'{where}: scores').reshape(-1)
    if len(array) != count:
        raise ProposalError(f'{where}: {len(array)} scores of {count} boxes')
    if array.min() < 0 or array.max() > 1:
        raise ProposalError(
            f'{where}: scores from {array.min():g} to {array.max():g} are not from 0 to 1 (others '
            'are logits or per cent): give probabilities'
        )
    return array.astype(np.float32)


def _checked_labels(labels: Any, count: int, where: str) -> np.ndarray:
    if labels is None:
        return np.zeros(count, np.int64)
    array = _numbers(labels, f'{where}: labels').reshape(-1)
    if len(array) != count:
        raise ProposalError(f'{where}: {len(array)} labels of {count} boxes')
    if array.min() < 0 or (array != array.astype(np.int64)).any():
        raise ProposalError(f'{where}: labels must be whole numbers from 0, the classes')
    return array.astype(np.int64)
