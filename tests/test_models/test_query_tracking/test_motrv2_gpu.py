"""A GPU gives what a CPU gives."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from tracking_samples import build_tracker, make_clip, make_video
from vsd_mot.apis import init_tracker, track_video

ROOT = Path(__file__).resolve().parents[3]
CONFIG = ROOT / 'configs/vsd_mot/vsd-mot_tiny-nano_degraded-real_test-real.py'
WEIGHTS = ROOT / 'demo/vsd-mot_tiny-nano_real.pth'

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason='there is no CUDA device'),
]
DEVICE = 'cuda'


@pytest.fixture(autouse=True)
def exact_products(monkeypatch):
    """TF32, PyTorch's default for convolutions, rounds inputs to 10 bits."""
    monkeypatch.setattr(torch.backends.cudnn, 'allow_tf32', False)


def on(device, inputs, sample):
    moved = {key: value.to(device) for key, value in inputs.items()}
    return moved, [sample.clone().to(device)]


def test_the_same_losses_and_gradients():
    found = []
    for device in ('cpu', DEVICE):
        model = build_tracker(denoising=None).to(device).train()
        inputs, samples = on(device, *make_clip((3, 3), (4, 4)))
        losses = model.loss(inputs, samples)
        sum(losses.values()).backward()
        gradients = {
            name: parameter.grad.norm().cpu()
            for name, parameter in model.named_parameters()
            if parameter.grad is not None
        }
        found.append(({name: value.detach().cpu() for name, value in losses.items()}, gradients))
    torch.testing.assert_close(found[0], found[1], rtol=1e-3, atol=1e-4)


def test_the_same_tracks():
    found = []
    for device in ('cpu', DEVICE):
        model = build_tracker().to(device).eval()
        video = [on(device, *frame) for frame in make_video(4)]
        tracks = [model.predict(*frame)[0].pred_track_instances.cpu() for frame in video]
        found.append([(track.instances_id, track.bboxes, track.scores) for track in tracks])
    assert any(len(ids) for ids, *_ in found[0])
    torch.testing.assert_close(found[0], found[1], rtol=1e-3, atol=1e-2)


def test_the_shipped_tracker_makes_its_own_boxes_there():
    """Its detector, and the maps they share, follow to the GPU."""
    clip = cv2.VideoCapture(str(ROOT / 'demo/clip.mp4'))
    frames = [clip.read()[1] for _ in range(6)]
    tracks = []
    for device in ('cpu', DEVICE):
        tracker = init_tracker(str(CONFIG), str(WEIGHTS), device=device)
        tracks.append(list(track_video(tracker, frames)))
    assert any(len(result.ids) for result in tracks[0])
    for one, other in zip(*tracks, strict=True):
        assert one.ids.tolist() == other.ids.tolist()
        np.testing.assert_allclose(one.boxes, other.boxes, atol=0.1)


def test_a_training_step_in_mixed_precision():
    model = build_tracker().to(DEVICE).train()
    inputs, samples = on(DEVICE, *make_clip((3, 3), (4, 4)))
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        losses = model.loss(inputs, samples)
    sum(losses.values()).backward()
    assert all(torch.isfinite(value) for value in losses.values())
    gradients = [p.grad for p in model.head.parameters() if p.grad is not None]
    assert gradients
    assert all(torch.isfinite(gradient).all() for gradient in gradients)
