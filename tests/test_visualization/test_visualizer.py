"""Tracks beside the ground truth."""

import cv2
import numpy as np
import pytest
import torch
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData
from mmengine.visualization import Visualizer
from mmtrack.registry import VISUALIZERS

from drawn_samples import sample_of


@pytest.fixture
def visualizer(request):
    init_default_scope('mmtrack')
    # The hook finds the visualizer that the runner made last, as in a real run.
    return VISUALIZERS.build(dict(type='QualityTrackVisualizer', name=request.node.name, fps=10))


def test_visualizer_beside_ground_truth(visualizer, tmp_path):
    image = np.full((240, 320, 3), (200, 60, 20), np.uint8)  # RGB
    sample = sample_of(tmp_path, 'dark', 0)
    sample.set_metainfo(dict(scale_factor=(0.5, 0.5)))
    sample.gt_instances = InstanceData(
        bboxes=torch.tensor([[25.0, 50, 45, 90]]), instances_id=torch.tensor([3])
    )
    out = tmp_path / 'both.png'
    visualizer.add_datasample('both', image, sample, out_file=str(out))
    drawn = cv2.imread(str(out))
    assert drawn.shape == (240, 640, 3)
    truth, prediction = drawn[:, :320], drawn[:, 320:]
    assert (truth[220, 300] == (20, 60, 200)).all()  # BGR again
    # The same box in both: ground truth was in pixels of the network's input.
    assert (truth[100:181, 48:93] == prediction[100:181, 48:93]).mean() > 0.9
    visualizer.add_datasample('one', image, sample, draw_gt=False, out_file=str(out))
    assert cv2.imread(str(out)).shape == (240, 320, 3)
    assert isinstance(visualizer, Visualizer)
