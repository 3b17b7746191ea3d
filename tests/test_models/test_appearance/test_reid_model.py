"""A re-identification model of MMTracking as an encoder."""

import pytest
import torch
from mmtrack.utils import register_all_modules

from vsd_mot.errors import CheckpointError
from vsd_mot.models.appearance import ReIDModel

MODEL = dict(
    type='BaseReID',
    backbone=dict(
        type='mmcls.ResNet', depth=18, base_channels=8, num_stages=1, out_indices=(0,),
        strides=(1,), dilations=(1,),
    ),
    neck=dict(type='mmcls.GlobalAveragePooling'),
    head=dict(
        type='LinearReIDHead', num_fcs=1, in_channels=8, fc_channels=16, out_channels=12,
        num_classes=5, loss_cls=dict(type='mmcls.CrossEntropyLoss'),
        act_cfg=dict(type='ReLU'), norm_cfg=dict(type='BN1d'),
    ),
)  # fmt: skip


@pytest.fixture
def encoder():
    register_all_modules(init_default_scope=True)
    torch.manual_seed(0)
    return ReIDModel(model=MODEL, embed_dims=12, size=(32, 16), batch_size=2)


def test_people_are_described_alike_alone_and_together(encoder):
    frame = torch.randint(0, 256, (3, 60, 80), dtype=torch.uint8)
    boxes = torch.tensor([[10.0, 5, 30, 55], [40, 5, 60, 55], [-5, 0, 20, 30]])
    encoder.double()
    together = encoder(frame, boxes)
    assert together.shape == (3, 12)
    for box, vector in zip(boxes, together):
        torch.testing.assert_close(encoder(frame, box[None])[0], vector)
    assert encoder(frame, boxes[:0]).shape == (0, 12)


def test_it_stays_as_it_was_loaded(encoder):
    assert not encoder.train().training
    assert not any(parameter.requires_grad for parameter in encoder.parameters())


def test_weights_of_something_else_are_refused(tmp_path, encoder):
    torch.save(dict(state_dict=encoder.model.state_dict()), tmp_path / 'reid.pth')
    again = ReIDModel(
        model=MODEL, embed_dims=12, checkpoint=str(tmp_path / 'reid.pth'), size=(32, 16)
    )
    assert torch.equal(again.model.head.fc_out.weight, encoder.model.head.fc_out.weight)
    torch.save(dict(foo=torch.zeros(1)), tmp_path / 'other.pth')
    with pytest.raises(CheckpointError, match=r'other\.pth does not fit'):
        ReIDModel(model=MODEL, embed_dims=12, checkpoint=str(tmp_path / 'other.pth'))
