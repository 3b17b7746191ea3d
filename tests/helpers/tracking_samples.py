"""Clips and models for the tests of trackers."""

import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor

TINY = 'configs/_base_/models/motrv2_tiny.py'


def build_tracker(config: str = TINY, seed: int = 0, **changes):
    """A tracker with random weights from a model config; ``changes`` as in --cfg-options.

    The tiny model comes without the errors that it trains with by chance.
    """
    import vsd_mot  # noqa: F401, registers the parts

    init_default_scope('mmtrack')
    cfg = Config.fromfile(config)
    if config == TINY:
        calm = dict(propagation__random_drop=0.0, propagation__fp_ratio=0.0)
        changes = {**calm, **changes}
    cfg.merge_from_dict({f'model.{key.replace("__", ".")}': v for key, v in changes.items()})
    torch.manual_seed(seed)
    model = MODELS.build(cfg.model)
    for part in model.children():
        if hasattr(part, 'init_weights'):
            part.init_weights()
    # Heads that say something: scores on both sides of 0.5, boxes that move.
    for branch in model.head.cls_branches:
        torch.nn.init.normal_(branch.weight, std=0.15)
        torch.nn.init.zeros_(branch.bias)
    for branch in model.head.reg_branches:
        torch.nn.init.normal_(branch[-1].weight, std=0.05)
    return model


def random_boxes(count: int, height: int, width: int, generator) -> Tensor:
    """(count, 4) boxes (x1, y1, x2, y2) in pixels inside of the frame."""
    corner = torch.rand(count, 2, generator=generator) * 0.6
    size = 0.1 + torch.rand(count, 2, generator=generator) * 0.25
    boxes = torch.cat((corner, corner + size), dim=1)
    return boxes * torch.tensor([width, height, width, height])


def make_clip(
    objects=(3, 3), proposals=(4, 4), size=(64, 96), padded=None, seed=0
) -> tuple[dict[str, Tensor], TrackDataSample]:
    """One clip as the data preprocessor gives it, with so many objects and proposals a frame."""
    generator = torch.Generator().manual_seed(seed)
    length, (height, width) = len(objects), size
    raw = torch.randint(0, 256, (1, length, 3, height, width), generator=generator).byte()
    if padded is not None:
        bottom, right = padded[0] - height, padded[1] - width
        raw = torch.nn.functional.pad(raw, (0, right, 0, bottom))
    scalars = length == 1
    sample = TrackDataSample(
        metainfo=dict(
            img_shape=size if scalars else [size] * length,
            ori_shape=(2 * height, 2 * width) if scalars else [(2 * height, 2 * width)] * length,
            img_path='videos/a/img1/000001.jpg' if scalars else ['videos/a/img1/1.jpg'] * length,
            frame_id=0 if scalars else list(range(length)),
        )
    )
    sample.gt_instances = InstanceData(
        bboxes=random_boxes(sum(objects), height, width, generator),
        labels=torch.zeros(sum(objects), dtype=torch.long),
        instances_id=torch.cat([torch.arange(n) for n in objects]).long(),
        img_idx=torch.cat([torch.full((n,), i) for i, n in enumerate(objects)]).long(),
    )
    sample.proposals = InstanceData(
        bboxes=random_boxes(sum(proposals), height, width, generator),
        scores=torch.rand(sum(proposals), generator=generator),
        img_idx=torch.cat([torch.full((n,), i) for i, n in enumerate(proposals)]).long(),
    )
    return dict(img=raw.to(torch.get_default_dtype()), raw=raw), sample


def make_video(length: int, proposals: int = 5, name: str = 'a', seed: int = 0):
    """The frames of a video, one (inputs, sample) each."""
    frames = []
    for index in range(length):
        inputs, sample = make_clip((2,), (proposals,), seed=seed * 1000 + index)
        sample.set_metainfo(
            dict(frame_id=index, img_path=f'videos/{name}/img1/{index + 1:06d}.jpg')
        )
        frames.append((inputs, sample))
    return frames


def batch(*clips: tuple[dict[str, Tensor], TrackDataSample]):
    """Several clips as one batch."""
    inputs = {key: torch.cat([clip[0][key] for clip in clips]) for key in clips[0][0]}
    return inputs, [clip[1] for clip in clips]
