"""The scores of masks at the end of a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from mmengine.evaluator import BaseMetric
from mmtrack.registry import METRICS

from ..video.label_files import write_label_map
from .mask_scores import MaskRuns, j_and_f, mots_scores, without_later


@METRICS.register_module()
class MaskTrackMetric(BaseMetric):
    """J&F and MOTS scores of :class:`HQTrack` on :class:`VideoMaskFrames`.

    An object counts from the frame in which it was annotated; what is predicted where the ground
    truth is ignored (-1) is left out. For one process: frames must come in order.

    Args:
        metrics: ``'j_and_f'``, ``'mots'`` or both.
        folder: Where to write the predicted label maps, as ``NAME/000001.png``; None writes none.
        collect_device: Not used but by mmengine.
        prefix: Of the names of the scores.
    """

    default_prefix = 'masks'

    def __init__(
        self,
        *,
        metrics: Sequence[str] = ('j_and_f', 'mots'),
        folder: str | None = None,
        collect_device: str = 'cpu',
        prefix: str | None = None,
    ) -> None:
        super().__init__(collect_device, prefix)
        unknown = set(metrics) - {'j_and_f', 'mots'}
        if unknown:
            raise ValueError(f'MaskTrackMetric knows j_and_f and mots, not {sorted(unknown)}')
        self.metrics = tuple(metrics)
        self.folder = None if folder is None else Path(folder)
        self._begin()

    def _begin(self) -> None:
        self.ground_truth: dict[str, MaskRuns] = {}
        self.predictions: dict[str, MaskRuns] = {}
        self.prompted: dict[str, set[int]] = {}

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Take in frames.

        Args:
            data_batch: Not used.
            data_samples: With ``pred_track_instances`` and the fields of the data set.
        """
        for sample in data_samples:
            name = sample['video']
            labels = label_map(sample['pred_track_instances'], sample['ori_shape'][:2])
            if self.folder is not None:
                write_label_map(self.folder / name / f'{sample["frame_id"] + 1:06d}.png', labels)
            if 'truth' not in sample:
                continue
            prompted = self.prompted.setdefault(name, set())
            if 'annotation' in sample:
                prompted |= {int(one) for one in sample['annotation'].unique() if one > 0}
            ground_truth = sample['truth'].cpu().numpy()
            labels = np.where(ground_truth < 0, 0, labels)
            self.ground_truth.setdefault(name, MaskRuns()).append(
                without_later(ground_truth, sorted(prompted))
            )
            self.predictions.setdefault(name, MaskRuns()).append(labels)
            self.results.append(None)  # mmengine warns of a metric without results

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Scores in per cent over all sequences, and J&F of each."""
        scores: dict[str, float] = {}
        if 'j_and_f' in self.metrics:
            predictions = j_and_f(self.ground_truth, self.predictions)
            scores.update({name: 100 * value for name, value in predictions['all'].items()})
            for name, values in predictions.items():
                if name != 'all':
                    scores[f'{name}/J&F'] = 100 * values['J&F']
        if 'mots' in self.metrics:
            values = mots_scores(self.ground_truth, self.predictions)['all']
            scores.update({f'MOTS {name}': 100 * value for name, value in values.items()})
        self._begin()
        return {name: round(value, 2) for name, value in scores.items()}


def label_map(instances: dict, size: tuple[int, int]) -> np.ndarray:
    """Return the label map ``(H, W)`` int32 of reported objects, whose masks do not overlap."""
    labels = torch.zeros(tuple(size), dtype=torch.int32)
    for identity, mask in zip(instances['instances_id'].tolist(), instances['masks'].cpu()):
        labels[mask.bool()] = identity
    return labels.numpy()
