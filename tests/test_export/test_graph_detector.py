"""An exported detector by itself finds what the detector finds."""

import cv2
import numpy as np
import pytest
import torch
from mmtrack.registry import MODELS

from random_detector import detector_config, random_detector
from vsd_mot.apis import as_detections
from vsd_mot.errors import ExportError
from vsd_mot.export import GraphDetector, build_runtime, export_detector
from vsd_mot.models.frames import FrameBatch


def smooth_picture():
    """As those that the random detector has its statistics from."""
    coarse = np.random.default_rng(0).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    return cv2.resize(coarse, (128, 96), interpolation=cv2.INTER_CUBIC)


@pytest.fixture(scope='module')
def detector():
    detector = MODELS.build(dict(type='ProposalDetector', detector=detector_config()))
    detector.__dict__['detector'] = random_detector((96, 128))
    return detector


@pytest.fixture(scope='module')
def folder(detector, tmp_path_factory):
    folder = tmp_path_factory.mktemp('graphs') / 'yolox'
    runtime = build_runtime('onnxruntime')
    export_detector(detector, folder, size=(96, 128), runtime=runtime, config='y')
    return folder


def test_it_detects_as_the_detector(detector, folder):
    picture = smooth_picture()
    raw = torch.from_numpy(picture[..., ::-1].copy()).permute(2, 0, 1)[None]
    (expected,) = detector(FrameBatch(images=raw.float(), raw=raw, sizes=[(96, 128)]))
    detections = as_detections(GraphDetector(folder)(picture))
    assert len(detections.boxes) == len(expected.scores) > 0
    order = torch.argsort(expected.scores, descending=True)
    assert detections.scores == pytest.approx(expected.scores[order].numpy(), abs=1e-3)
    middles = (detections.boxes[:, :2] + detections.boxes[:, 2:]) / 2 / [128, 96]
    assert np.sort(middles[:, 0]) == pytest.approx(np.sort(expected.boxes[:, 0].numpy()), abs=1e-2)


def test_boxes_are_in_pixels_of_the_picture(folder):
    picture = smooth_picture()
    small, large = (GraphDetector(folder)(one) for one in (picture, picture.repeat(2, 0)))
    assert large['boxes'][:, 3].max() > 1.5 * small['boxes'][:, 3].max()


def test_a_folder_without_a_detector(folder, tmp_path):
    text = (folder / 'graphs.json').read_text()
    (tmp_path / 'graphs.json').write_text(text.replace('"detector_size": [', '"former": ['))
    with pytest.raises(ExportError):
        GraphDetector(tmp_path)
