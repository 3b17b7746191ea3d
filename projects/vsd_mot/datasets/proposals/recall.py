"""How many objects the proposals of a data set cover."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from mmdet.evaluation import bbox_overlaps
from scipy.optimize import linear_sum_assignment

from ..coco_check import read_coco
from .frame_keys import frame_key
from .store import ProposalStore


@dataclass
class RecallReport:
    """Recall and precision of proposals.

    Attributes:
        objects: Objects of the annotation file.
        proposals: Proposals above the score threshold in its frames.
        matched: Objects that have a proposal of their own.
        by_video: Recall of each sequence.
    """

    objects: int = 0
    proposals: int = 0
    matched: int = 0
    by_video: dict[str, float] = field(default_factory=dict)

    @property
    def recall(self) -> float:
        """Share of the objects that have a proposal; 1 without objects."""
        return self.matched / self.objects if self.objects else 1.0

    @property
    def precision(self) -> float:
        """Share of the proposals that stand for an object; 1 without proposals."""
        return self.matched / self.proposals if self.proposals else 1.0


def count_matches(boxes: np.ndarray, objects: np.ndarray, iou_thr: float = 0.5) -> int:
    """Largest number of objects that can be given a proposal each.

    Args:
        boxes: Proposals (n, 4) in (x_min, y_min, x_max, y_max).
        objects: Objects (m, 4), likewise.
        iou_thr: Least overlap of a pair. Raising it matches fewer.

    Returns:
        Number of pairs.
    """
    if not len(boxes) or not len(objects):
        return 0
    overlaps = bbox_overlaps(objects.astype(np.float32), boxes.astype(np.float32)) >= iou_thr
    rows, columns = linear_sum_assignment(overlaps, maximize=True)
    return int(overlaps[rows, columns].sum())


def proposal_recall(
    store: ProposalStore,
    ann_file: str | Path,
    *,
    classes: tuple[str, ...] = ('pedestrian',),
    score_thr: float = 0.05,
    iou_thr: float = 0.5,
    min_visibility: float = 0.0,
) -> RecallReport:
    """Compare proposals with the ground truth.

    Args:
        store: The proposals.
        ann_file: Annotation file (COCO-VID).
        classes: Names of the categories that count as objects.
        score_thr: Proposals with a score above it count. Raising it lowers recall, and the number
            of proposals.
        iou_thr: Least overlap of an object and its proposal. Raising it lowers recall.
        min_visibility: Objects less visible do not count.

    Returns:
        Over all frames, and recall by sequence.

    Raises:
        ValueError: If the annotation file is none.
    """
    content = read_coco(ann_file)
    categories = {item['id'] for item in content['categories'] if item['name'] in classes}
    boxes: dict[int, list[list[float]]] = defaultdict(list)
    for annotation in content['annotations']:
        if (
            annotation['category_id'] in categories
            and not annotation.get('ignore', False)
            and not annotation.get('iscrowd', False)
            and annotation.get('visibility', 1.0) >= min_visibility
        ):
            left, top, width, height = annotation['bbox']
            boxes[annotation['image_id']].append([left, top, left + width, top + height])
    keys = {image['id']: frame_key(image['file_name']) for image in content['images']}
    store.require(list(keys.values()), needed_by=str(ann_file))
    videos = {video['id']: video['name'] for video in content.get('videos', [])}
    total = RecallReport()
    by_video: dict[str, RecallReport] = defaultdict(RecallReport)
    for image in content['images']:
        detections = store[keys[image['id']]]
        proposals = detections.boxes[detections.scores > score_thr]
        objects = np.array(boxes[image['id']], dtype=np.float32).reshape(-1, 4)
        matched = count_matches(proposals, objects, iou_thr)
        for report in (total, by_video[videos.get(image.get('video_id'), 'images')]):
            report.objects += len(objects)
            report.proposals += len(proposals)
            report.matched += matched
    total.by_video = {
        name: report.matched / max(1, report.objects) for name, report in by_video.items()
    }
    return total
