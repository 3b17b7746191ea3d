"""Results of a short video with two classes and a pause, for the tests of formats."""

import numpy as np
import torch
from mmengine.structures import InstanceData

from vsd_mot.video.results import FrameResult
from vsd_mot.video.writers.facts import VideoFacts

CLASSES = ('person', 'car')
FACTS = VideoFacts('street', 10.0)
# Of each frame: identity, label, box.
TRACKS = [
    [(7, 0, (10.0, 20.0, 30.0, 60.0)), (9, 1, (50.5, 10.25, 80.0, 30.0))],
    [(7, 0, (12.0, 20.0, 32.0, 60.0)), (9, 1, (54.5, 10.25, 84.0, 30.0))],
    [(9, 1, (58.5, 10.25, 88.0, 30.0))],
    [],
    [(7, 0, (18.0, 20.0, 38.0, 60.0))],
    [],
]
BOXES = sum(map(len, TRACKS))


def frame_result(index, tracks, size=(100, 80), **kwargs):
    ids, labels, boxes = zip(*tracks) if tracks else ((), (), ())
    return FrameResult(
        index,
        None if size is None else np.zeros((size[1], size[0], 3), np.uint8),
        InstanceData(
            bboxes=torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
            scores=torch.full((len(ids),), 0.75),
            labels=torch.tensor(labels, dtype=torch.long),
            instances_id=torch.tensor(ids, dtype=torch.long),
        ),
        time=index / 10,
        **{'classes': CLASSES, **kwargs},
    )


def street(**kwargs):
    return [frame_result(index, tracks, **kwargs) for index, tracks in enumerate(TRACKS)]


def written(writer, results=None):
    """Write results, and return the file."""
    for result in street() if results is None else results:
        writer.write(result, None)
    return writer.close()


def flat(results):
    """(frame number, identity, label, box) of all boxes, in order of frames and identities."""
    return sorted(
        (result.number, track, label, tuple(round(value, 2) for value in box))
        for result in results
        for track, label, box in zip(
            result.ids.tolist(), result.labels.tolist(), result.boxes.tolist()
        )
    )
