"""The training forward against the published one."""

import numpy as np
import pytest
import torch

from hqtrack_fixtures import clip, network_input, numbers, published_vmos, table
from vsd_mot.engine.conversion.hqtrack_keys import published_key
from vsd_mot.models.mask_tracking.clip_training import MaskClipLoss, MaskClips, labels_of
from vsd_mot.models.mask_tracking.memory import ObjectMemory

TOTAL = 150_000


def two_clips(frames: int = 5) -> MaskClips:
    first, second = clip(frames, 65, 97, 21), clip(frames, 65, 97, 22)
    first[1][first[1] == 3] = 0
    second[1][second[1] > 1] = 0
    images = torch.stack([network_input(one[0]) for one in (first, second)])
    labels = torch.from_numpy(np.stack([first[1], second[1]]).astype(np.int64))
    return MaskClips(images, labels, (2, 1))


@pytest.mark.parametrize('half', ['first_half', 'second_half'])
def test_losses_gradients_memory_and_masks_are_the_published_ones(half, monkeypatch):
    expected = table('train_forward')[half]
    vmos = published_vmos()
    loss = MaskClipLoss(auxiliary_until=1.0, own_masks_from=0.5, shuffle=False)
    memories = []
    refer = ObjectMemory.refer
    monkeypatch.setattr(
        ObjectMemory, 'refer', lambda self, *given: (memories.append(self), refer(self, *given))
    )
    clips, progress = two_clips(), expected['step'] / TOTAL
    per_frame, predictions = loss.unroll(vmos, clips, progress)
    assert np.allclose(torch.stack(per_frame).tolist(), expected['frame_losses'], atol=1e-5)
    tokens = [one.keys.shape[1] for one in memories[0].long]
    assert tokens == expected['memory']['long_tokens']
    total = (1 - progress) * per_frame[0].mean() + torch.stack(per_frame[1:]).mean()
    assert total.item() == pytest.approx(expected['loss'], abs=1e-5)
    total.backward()
    by_name = {published_key(key): weight for key, weight in vmos.named_parameters()}
    for name, norm in expected['grad_norm'].items():
        assert by_name[name].grad.norm().item() == pytest.approx(norm, rel=1e-3), name
    if half == 'second_half':
        same = (
            torch.stack([labels_of(one) for one in predictions])
            == numbers('train_forward_masks')['masks']
        )
        assert same.float().mean() >= 0.999


def test_the_loss_is_the_sum_of_its_parts():
    vmos, loss = published_vmos(), MaskClipLoss(auxiliary_until=0.1, shuffle=False)
    clips = two_clips(frames=2)
    with torch.no_grad():
        parts = loss(vmos, clips, 0.05)
        per_frame, _ = loss.unroll(vmos, clips, 0.05)
        assert parts['loss_reference'].item() == pytest.approx(0.5 * per_frame[0].mean().item())
        assert loss(vmos, clips, 0.2)['loss_reference'] == 0


def test_a_permutation_of_identities_asks_for_the_same_objects():
    """With equal patterns for all identities, which of them an object is changes nothing."""
    vmos, clips = published_vmos(), two_clips(frames=2)
    with torch.no_grad():
        for conv in (vmos.identity_bank.coarse, vmos.identity_bank.fine):
            conv.weight[:, 1:] = conv.weight[:, 1:2]
        vmos.head.classifier.weight[1:] = vmos.head.classifier.weight[1:2]
        vmos.head.classifier.bias[1:] = vmos.head.classifier.bias[1:2]
        plain = MaskClipLoss(shuffle=False).unroll(vmos, clips, 0.0)[0]
        shuffled = MaskClipLoss(shuffle=True).train().unroll(vmos, clips, 0.0)[0]
    assert torch.allclose(torch.stack(plain), torch.stack(shuffled), atol=1e-4)


def test_shuffled_objects_have_distinct_identities():
    order = MaskClipLoss().train()._order(10, 4, torch.device('cpu'))
    assert (order[:, 0] == 0).all()
    assert order.sort(dim=1).values.tolist() == [list(range(11))] * 4


def test_the_identity_bank_is_done_when_told():
    vmos = published_vmos()
    loss = MaskClipLoss(own_masks_from=0.5, identities_until=0.5, shuffle=False)
    clips = two_clips(frames=2)
    sum(loss(vmos, clips, 0.6).values()).backward()
    assert all(one.grad is None and one.requires_grad for one in vmos.identity_bank.parameters())
    assert vmos.head.conv.weight.grad is not None
