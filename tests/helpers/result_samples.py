"""Results of frames with moving boxes, and the reading of a video."""

import cv2
import torch
from mmengine.structures import InstanceData

from bright_box_tracker import moving_boxes, true_boxes
from vsd_mot.apis import FrameResult


def result_of(index, image=None, quality=True, fault=None, fps=10):
    boxes = {} if fault else true_boxes(index)
    return FrameResult(
        index=index,
        image=image,
        pred_track_instances=InstanceData(
            bboxes=torch.tensor(list(boxes.values()), dtype=torch.float32).reshape(-1, 4) + 0.25,
            scores=torch.full((len(boxes),), 0.75),
            labels=torch.zeros(len(boxes), dtype=torch.long),
            instances_id=torch.tensor(list(boxes), dtype=torch.long),
        ),
        semantics=dict(quality=index / 20, semantic_weight=1 - index / 20) if quality else {},
        time=index / fps,
        name=f'{index + 1:06d}.jpg',
        fault=fault,
    )


def results(count=12, **kwargs):
    return [result_of(index, image, **kwargs) for index, image in enumerate(moving_boxes(count))]


def read_video(path):
    """Frames by OpenCV, which did not write them."""
    capture = cv2.VideoCapture(str(path))
    frames = []
    while (read := capture.read())[0]:
        frames.append(read[1])
    return frames, capture.get(cv2.CAP_PROP_FPS)
