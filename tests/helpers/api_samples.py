"""A MOTRv2 with random weights that tracks, for the tests of the API."""

from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config

from bright_box_tracker import true_boxes
from tracking_samples import TINY, build_tracker
from vsd_mot.apis import Tracker, init_tracker

PIPELINE = [
    dict(type='LoadFrame'),
    dict(type='LoadTrackAnnotations', with_instance_id=True),
    dict(type='ShortSideResize', scale=(128, 96)),
    dict(type='PackClipInputs'),
]

# Random weights know nobody: every query becomes a track and is reported.
REPORT_ALL = dict(
    detection_queries__num_queries=3,
    lifecycle__birth_threshold=0.0,
    lifecycle__report_threshold=0.0,
    lifecycle__min_area=0.0,
    lifecycle__merge_iou=None,
)


def motrv2_config() -> Config:
    """Config of the tiny MOTRv2 that reports every query."""
    config = Config.fromfile(TINY)
    config.merge_from_dict(
        {f'model.{key.replace("__", ".")}': REPORT_ALL[key] for key in REPORT_ALL}
    )
    config.test_dataloader = dict(dataset=dict(pipeline=PIPELINE))
    return config


def motrv2_tracker(folder: Path) -> Tracker:
    """Build it by a config and a checkpoint, which are left in the folder."""
    motrv2_config().dump(folder / 'motrv2.py')
    torch.save({'state_dict': build_tracker(**REPORT_ALL).state_dict()}, folder / 'motrv2.pth')
    return init_tracker(folder / 'motrv2.py', folder / 'motrv2.pth', device='cpu')


def detections_of(length: int) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Boxes of the two rectangles in each frame of ``moving_boxes``, with scores."""
    return {
        index: (np.array(list(true_boxes(index).values()), np.float32), np.array([0.9, 0.8]))
        for index in range(length)
    }
