"""A tracker whose answers are known: it finds bright rectangles on a dark ground.

A whole model, used by the tests of the API and of the tools; configs name it in `custom_imports`.
"""

import time
from pathlib import Path

import cv2
import numpy as np
import torch
from mmengine.structures import InstanceData
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS

HEIGHT, WIDTH = 96, 128

CONFIG = """
default_scope = 'mmtrack'
custom_imports = dict(imports=['vsd_mot', 'bright_box_tracker'])
model = dict(type='BrightBoxTracker', data_preprocessor=dict(type='TrackDataPreprocessor'))
test_dataloader = dict(
    dataset=dict(
        metainfo=dict(CLASSES=('box', )),
        pipeline=[
            dict(type='LoadImageFromFile'),
            dict(type='LoadTrackAnnotations', with_instance_id=True),
            dict(type='mmdet.Resize', scale=(64, 64), keep_ratio=True),
            dict(type='PackTrackInputs', pack_single_img=True),
        ]))
"""


@MODELS.register_module()
class BrightBoxTracker(BaseMultiObjectTracker):
    """Reports each bright rectangle of a frame with its brightness in tens as identity.

    Args:
        sees_quality: Whether to report what a model with frame quality does.
        delay: Seconds that a frame takes.
        data_preprocessor: As of every model.
        init_cfg: As of every model.
    """

    def __init__(self, sees_quality=True, delay=0.0, data_preprocessor=None, init_cfg=None):
        super().__init__(data_preprocessor, init_cfg)
        self.sees_quality = sees_quality
        self.delay = delay
        self.bias = torch.nn.Parameter(torch.zeros(1))
        self.frame_ids = []

    def loss(self, inputs, data_samples, **kwargs):
        """Not trained."""
        return {}

    def predict(self, inputs, data_samples, **kwargs):
        """Boxes of one frame, in pixels of the original picture."""
        (sample,) = data_samples
        time.sleep(self.delay)
        self.frame_ids.append(sample.frame_id)
        picture = inputs['img'][0, 0].mean(0).cpu().numpy()
        found = (picture > 90).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(found)
        boxes = [(x, y, x + w, y + h) for x, y, w, h, area in stats[1:] if area > 8]
        middles = [picture[(y1 + y2) // 2, (x1 + x2) // 2] for x1, y1, x2, y2 in boxes]
        scale = torch.tensor(sample.scale_factor * 2)
        sample.pred_track_instances = InstanceData(
            bboxes=torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4) / scale + self.bias,
            scores=torch.full((len(boxes),), 0.9),
            labels=torch.zeros(len(boxes), dtype=torch.long),
            instances_id=torch.tensor([round(float(m) / 10) for m in middles], dtype=torch.long),
        )
        if self.sees_quality:
            quality = float(picture.mean()) / 255
            sample.set_metainfo(
                dict(semantics=dict(quality=quality, semantic_weight=torch.tensor(1 - quality)))
            )
        return [sample]


def moving_boxes(length: int = 12, height: int = HEIGHT, width: int = WIDTH) -> list[np.ndarray]:
    """Frames with two rectangles, of brightness 150 and 250, that walk right and left."""
    return [draw(true_boxes(index, width), height, width) for index in range(length)]


def true_boxes(index: int, width: int = WIDTH) -> dict[int, tuple[int, int, int, int]]:
    """Identity to box (x_min, y_min, x_max, y_max) of a frame of :func:`moving_boxes`."""
    right, left = 8 + 2 * index, width - 40 - 2 * index
    return {15: (right, 16, right + 24, 40), 25: (left, 56, left + 24, 80)}


def draw(boxes: dict[int, tuple[int, int, int, int]], height: int, width: int) -> np.ndarray:
    """A dark frame with bright rectangles."""
    frame = np.full((height, width, 3), 20, np.uint8)
    for identity, (x1, y1, x2, y2) in boxes.items():
        frame[y1:y2, x1:x2] = identity * 10
    return frame


def write_config(folder: Path) -> Path:
    """The config of this tracker, as a file."""
    path = folder / 'bright_boxes.py'
    path.write_text(CONFIG)
    return path


def write_frames(folder: Path, frames: list[np.ndarray], suffix: str = '.png') -> Path:
    """Frames as images frame1, frame2, ..., frame10: not in alphabetical order."""
    folder.mkdir(parents=True)
    for number, frame in enumerate(frames, 1):
        assert cv2.imwrite(str(folder / f'frame{number}{suffix}'), frame)
    return folder
