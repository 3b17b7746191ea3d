"""A detector's head on the tracker's maps gives the proposals of the whole detector."""

import copy
from pathlib import Path

import cv2
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample

from vsd_mot.models.frames import FrameBatch

ROOT = Path(__file__).resolve().parents[3]
CONFIG = ROOT / 'configs/vsd_mot/vsd-mot_tiny-nano_degraded-real_test-real.py'


def build(**detector):
    config = Config.fromfile(str(CONFIG)).model
    config.detector.update(detector)
    with DefaultScope.overwrite_default_scope('mmtrack'):
        model = MODELS.build(config)
        model.init_weights()
    return model.eval()


@pytest.fixture(scope='module')
def model():
    return build()


@pytest.fixture(scope='module')
def frames():
    """Three frames of the demo clip, of two sizes that are multiples of 32."""
    video = cv2.VideoCapture(str(ROOT / 'demo/clip.mp4'))
    pictures = [cv2.resize(video.read()[1], size) for size in ((256, 128), (192, 160), (256, 128))]
    images = torch.zeros(3, 3, 160, 256)
    for image, picture in zip(images, pictures):
        height, width = picture.shape[:2]
        image[:, :height, :width] = torch.from_numpy(picture.copy()).permute(2, 0, 1)
    return FrameBatch(images, images.flip(1).byte(), [p.shape[:2] for p in pictures])


@torch.no_grad()
def proposals_of(model, frames):
    samples = [TrackDataSample() for _ in frames.sizes]
    return model.propose(frames, model.encode(frames), samples)


def test_proposals_are_those_of_the_whole_detector(model, frames):
    # The detector knows real people and sees drawn ones: boxes of any score count.
    whole = build(type='ProposalDetector', score_thr=0.0)
    model = copy.copy(model)
    model.detector.score_thr = 0.0
    for shared, expected in zip(proposals_of(model, frames), proposals_of(whole, frames)):
        assert len(shared.scores) == len(expected.scores) > 0
        torch.testing.assert_close(shared.scores, expected.scores, rtol=1e-3, atol=1e-4)
        torch.testing.assert_close(shared.boxes, expected.boxes, rtol=1e-3, atol=1e-4)


def test_a_frame_goes_through_the_backbone_once(model, frames):
    proposals_of(model, frames)
    runs = []
    handle = model.detector.detector.backbone.register_forward_hook(lambda *_: runs.append(1))
    proposals_of(model, frames)
    handle.remove()
    assert runs == []


def test_a_tracker_on_another_backbone_is_refused(frames):
    model = build()
    with torch.no_grad():
        model.backbone.stem.conv.conv.weight.mul_(1.5)
    with pytest.raises(ValueError, match=r'not those of its detector .*level 0: values differ'):
        proposals_of(model, frames)


def test_another_input_scale_is_refused():
    with pytest.raises(ValueError, match='input_scale must be None'):
        build(input_scale=(320, 192))
