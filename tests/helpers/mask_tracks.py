"""A picture with annotated masks and tracks."""

import numpy as np
import torch
from mmengine.structures import InstanceData

from tiny_masks import square
from vsd_mot.models.mask_tracking import label_map_of

SIZE = (40, 60)


def picture(seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (3, *SIZE), dtype=torch.uint8, generator=generator)


def annotation(*identities: int) -> torch.Tensor:
    masks = [square(SIZE, (2, 2 + 12 * at), 10) for at in range(len(identities))]
    return label_map_of(np.stack(masks), identities)


def tracks(*identities: int) -> InstanceData:
    boxes = [[2 + 12 * at, 2, 12 + 12 * at, 12] for at in range(len(identities))]
    return InstanceData(
        bboxes=torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        instances_id=torch.tensor(identities, dtype=torch.int64),
        scores=torch.ones(len(identities)),
        labels=torch.zeros(len(identities), dtype=torch.int64),
    )
