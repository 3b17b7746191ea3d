import pytest
import torch

import lgmot_published as published
from lgmot_samples import build_hierarchy
from vsd_mot.models.graph_tracking.losses import FocalEdgeLoss, TextAlignment
from vsd_mot.models.graph_tracking.tracklets import ClipDetections, Tracklets


@pytest.mark.parametrize('gamma', [1, 2])
def test_focal_loss_is_the_published_one(gamma):
    ops = published.arrays('ops')
    logits, targets = published.tensor(ops['focal_logits']), published.tensor(ops['focal_targets'])
    ours = FocalEdgeLoss(gamma=gamma)(logits[None], targets)
    expected = published.tensor(ops[f'focal_gamma{gamma}'])
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize('name', ['', '100'])
def test_text_is_pooled_as_published(name):
    ops = published.arrays('ops')
    ours = TextAlignment(levels=(0,)).target(published.tensor(ops[f'pool_in{name}']), 16)
    expected = published.tensor(ops[f'pool_out{name}']).softmax(dim=1)
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)


def test_vectors_that_say_the_text_cost_nothing_and_others_something():
    align = TextAlignment(levels=(0,))
    text = torch.randn(3, 8)
    assert align(text[None], text).item() == pytest.approx(0, abs=1e-6)
    assert align(text[None].flip(1), text) > 0.1
    owner = torch.tensor([2, 2, 0])
    assert align(text[owner][None], text, owner).item() == pytest.approx(0, abs=1e-6)


def test_vectors_without_text_do_not_count():
    align = TextAlignment(levels=(0,))
    vectors, text = torch.randn(1, 3, 8, requires_grad=True), torch.randn(3, 8)
    some = text.clone()
    some[1] = torch.nan
    torch.testing.assert_close(align(vectors, some), align(vectors[:, [0, 2]], text[[0, 2]]))
    nothing = align(vectors, torch.full_like(text, torch.nan))
    nothing.backward()
    assert nothing == 0
    assert torch.equal(vectors.grad, torch.zeros_like(vectors))


def test_temperature_sharpens_and_normalisation_flattens():
    text = torch.linspace(-2, 2, 64)[None]
    entropy = {
        name: -(t := TextAlignment(levels=(0,), **options).target(text, 16)).mul(t.log()).sum()
        for name, options in dict(
            plain={}, cold=dict(temperature=0.5), unit=dict(normalize=True)
        ).items()
    }
    assert entropy['cold'] < entropy['plain'] < entropy['unit']
    highest = TextAlignment(levels=(0,), pooling='maximum').target(text, 1)
    assert highest.shape == (1, 1)
    with pytest.raises(ValueError, match='above 0'):
        TextAlignment(levels=(0,), temperature=0)
    with pytest.raises(ValueError, match="pooling='mean'"):
        TextAlignment(levels=(0,), pooling='mean')


def test_instance_text_follows_people_through_the_levels():
    """The published shape rule loses them once anything merges; false positives have no text."""
    clip = published.clip(0)
    clip = ClipDetections(**vars(clip) | dict(descriptions=clip.descriptions.clone()))
    clip.descriptions[clip.identities < 0] = torch.nan
    cluster = published.tensor(published.arrays('construct_clip0')['l0_clusters'])
    tracklets = Tracklets.of(clip, cluster)
    model = build_hierarchy(
        instance_alignment=dict(type='TextAlignment', levels=(0, 1)), zero_nodes=False
    )
    assert model._aligns_instances(1, [clip], [tracklets])
    text = model._person_text(clip, tracklets)
    known = tracklets.identity >= 0
    assert not torch.isnan(text[known]).any()
    assert torch.isnan(text[~known]).all()
    quirk = build_hierarchy(published=True)
    assert quirk._aligns_instances(0, [clip], [Tracklets.of(clip, torch.arange(len(clip)))])
    assert not quirk._aligns_instances(1, [clip], [tracklets])


def test_instance_alignment_reaches_what_sees_people_only_with_node_features():
    clip = published.clip(0)
    for zero_nodes, reached in ((True, False), (False, True)):
        model = build_hierarchy(scene=False, zero_nodes=zero_nodes)
        model.active_levels = 1
        model.loss([clip])['loss_l0_isg'].backward()
        gradient = model.networks[0].hidden_encoder[0].weight.grad
        assert bool(gradient.abs().max() > 0) is reached
