"""The training clips of a config as they come out of its pipeline."""

from __future__ import annotations

import numpy as np
from mmengine.config import Config
from mmtrack.registry import DATASETS
from mmtrack.utils import register_all_modules

from ..errors import ConfigError
from ..visualization.contact_sheet import SheetRow
from ..visualization.drawing import draw_box, line_width
from ..visualization.palette import colour_of
from .set_browser import PROPOSAL_COLOUR


def training_clips(config: Config, clips: int) -> list[SheetRow]:
    """Draw clips of a config's training set.

    Args:
        config: The config, with a `train_dataloader`.
        clips: How many clips, spread over the set.

    Returns:
        For each clip a row of the network's input, and one of what its teacher sees.

    Raises:
        ConfigError: It has no training set.
    """
    register_all_modules(init_default_scope=True)
    if 'train_dataloader' not in config:
        raise ConfigError(f'{config.filename} has no train_dataloader, whose clips could be shown')
    dataset = DATASETS.build(config.train_dataloader.dataset)
    rows = []
    for index in np.linspace(0, len(dataset) - 1, clips).round().astype(int).tolist():
        rows += clip_rows(dataset[index], f'sample {index} of {len(dataset)}')
    return rows


def clip_rows(packed: dict, label: str) -> list[SheetRow]:
    """Draw one packed clip: the network's input with boxes, and what its teacher sees.

    Args:
        packed: As `PackClipInputs` makes it.
        label: Text of the row.
    """
    sample = packed['data_samples']
    images, captions = [], []
    for number, tensor in enumerate(packed['inputs']['img']):
        picture = np.ascontiguousarray(tensor.permute(1, 2, 0).numpy())
        proposals = 0
        if 'proposals' in sample:
            boxes = sample.proposals.bboxes[sample.proposals.img_idx == number].numpy()
            proposals = len(boxes)
            for box in boxes:
                draw_box(picture, box, colour=PROPOSAL_COLOUR, width=1)
        objects = sample.gt_instances[sample.gt_instances.img_idx == number]
        for box, identity in zip(objects.bboxes.numpy(), objects.instances_id.tolist()):
            draw_box(picture, box, colour=colour_of(identity), width=line_width(picture))
        images.append(picture)
        captions.append(f'frame {number}: {len(objects)} people, {proposals} proposals')
    rows = [SheetRow(label, images, captions)]
    teacher = [image for image in packed['inputs'].get('teacher_img', []) if image.ndim == 3]
    if teacher:
        views = [np.ascontiguousarray(image.permute(1, 2, 0).numpy()) for image in teacher]
        rows.append(SheetRow(f'{label}, what the teacher sees', views))
    return rows
