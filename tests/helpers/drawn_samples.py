"""Samples of a video with two tracks, as the visualizer takes them."""

import torch
from mmengine.structures import InstanceData
from mmtrack.structures import TrackDataSample


def sample_of(folder, video, index, semantics=True):
    path = folder / video / 'img1' / f'{index + 1:06d}.jpg'
    sample = TrackDataSample(metainfo=dict(img_path=str(path), frame_id=index))
    if semantics:
        sample.set_metainfo(dict(semantics=dict(quality=0.2 * index, semantic_weight=0.9)))
    sample.pred_track_instances = InstanceData(
        bboxes=torch.tensor([[50.0 + 9 * index, 100, 90 + 9 * index, 180], [5, 5, 9, 9]]),
        scores=torch.tensor([0.9, 0.1]),
        labels=torch.tensor([0, 0]),
        instances_id=torch.tensor([3, 4]),
    )
    return sample
