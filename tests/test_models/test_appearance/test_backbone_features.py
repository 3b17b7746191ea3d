import pytest
import torch
from mmengine.config import Config
from mmtrack.utils import register_all_modules

from vsd_mot.engine.configs import find_config_file
from vsd_mot.models.appearance import BackboneFeatures


@pytest.fixture(scope='module')
def settings():
    register_all_modules(init_default_scope=True)
    path = find_config_file('_base_/detectors/yolox_tiny_synthetic.py')
    detector = Config.fromfile(path).detector
    return dict(
        backbone=dict(detector.backbone, _scope_='mmdet'),
        neck=dict(detector.neck, _scope_='mmdet'),
        channels=48,
        checkpoint=str(path.parents[3] / 'demo' / 'yolox_tiny_synthetic.pth'),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        bgr=True,
    )


def test_people_are_described_by_what_the_detector_sees_of_them(settings):
    encoder = BackboneFeatures(**settings)
    frame = torch.full((3, 90, 150), 128, dtype=torch.uint8)
    frame[0, 20:60, 20:36] = 220
    frame[0, 20:60, 84:100] = 220
    frame[2, 20:60, 116:132] = 220
    boxes = torch.tensor([[20, 20, 36, 60], [84, 20, 100, 60], [116, 20, 132, 60.0]])
    vectors = encoder(frame, boxes)
    assert vectors.shape == (3, encoder.embed_dims) == (3, 96)
    alike, other = (vectors[0] - vectors[1]).norm(), (vectors[0] - vectors[2]).norm()
    assert alike < other
    halved = BackboneFeatures(**settings, unit=2.0)(frame, boxes)
    torch.testing.assert_close(halved * 2, vectors)
    assert encoder(frame, boxes[:0]).shape == (0, 96)
    assert not any(parameter.requires_grad for parameter in encoder.train().parameters())


def test_what_does_not_fit_is_an_error(settings):
    with pytest.raises(ValueError, match='no model with this backbone and neck'):
        BackboneFeatures(**settings | dict(backbone=dict(settings['backbone'], widen_factor=0.25)))
    encoder = BackboneFeatures(**settings | dict(channels=32))
    with pytest.raises(ValueError, match='output 0 has 48 channels, not 32'):
        encoder(torch.zeros(3, 64, 64, dtype=torch.uint8), torch.tensor([[0, 0, 9, 9.0]]))
