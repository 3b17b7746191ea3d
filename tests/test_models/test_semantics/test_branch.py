"""The branch: describing frames, fusing queries, any mixture of parts."""

import io

import pytest
import torch

from vsd_samples import contents, describe_one, frame_batch, noise_frame, vsd_branch, vsd_config


def test_a_frame_is_described_and_fused():
    branch = vsd_branch()
    descriptions = branch.describe(frame_batch(noise_frame(0), noise_frame(1, 40, 56), padding=7))
    assert len(descriptions) == 2
    output = branch(contents(9), descriptions[1])
    assert output.contents.shape == (9, 32)
    assert set(output.info) == {'quality', 'clarity', 'noise', 'contrast', 'semantic_weight'}
    assert all(value.ndim == 0 and not value.requires_grad for value in output.info.values())
    weight = branch.fusion.weight(descriptions[1].quality.quality)
    assert output.info['semantic_weight'] == weight
    semantics = branch.source(contents(9), None)
    torch.testing.assert_close(output.contents, weight * semantics + (1 - weight) * contents(9))


@pytest.mark.parametrize('count', [0, 1])
def test_few_queries_train(count):
    branch = vsd_branch()
    queries = contents(count).requires_grad_()
    output = branch(queries, describe_one(branch))
    losses = branch.total_loss(dict(loss_cls=queries.sum()), [output.distill_losses])
    sum(value for name, value in losses.items() if 'loss' in name).backward()
    assert output.contents.shape == (count, 32)
    assert queries.grad is not None


def test_a_checkpoint_loads_strictly_without_a_teacher():
    branch = vsd_branch()
    describe_one(branch)
    file = io.BytesIO()
    torch.save(branch.state_dict(), file)
    file.seek(0)
    other = vsd_branch()
    other.load_state_dict(torch.load(file, weights_only=True))
    description = describe_one(branch.eval())
    torch.testing.assert_close(
        other.eval()(contents(4), description).contents, branch(contents(4), description).contents
    )


def test_deploy_drops_what_only_training_needs():
    branch = vsd_branch().eval()
    description = describe_one(branch)
    expected = branch(contents(4), description).contents
    count = sum(parameter.numel() for parameter in branch.parameters())
    deployed = branch.deploy()
    assert sum(parameter.numel() for parameter in deployed.parameters()) < count
    assert {name.split('.')[0] for name, _ in deployed.named_parameters()} == {'source', 'fusion'}
    torch.testing.assert_close(deployed(contents(4), description).contents, expected)


def test_gradients_reach_every_trained_part():
    branch = vsd_branch()
    queries = contents(6).requires_grad_()
    output = branch(queries, describe_one(branch))
    losses = branch.total_loss(
        dict(loss_cls=output.contents.square().mean()), [output.distill_losses]
    )
    sum(value for name, value in losses.items() if 'loss' in name).backward()
    for name, parameter in branch.named_parameters():
        assert parameter.grad is not None, name
        # keys' biases cancel in a softmax
        if 'in_proj_bias' not in name:
            assert parameter.grad.abs().sum() > 0, name


def test_a_branch_says_what_is_wrong():
    with pytest.raises(ValueError, match='quality part'):
        vsd_branch(quality=None)
    config = vsd_config()['distillation']
    with pytest.raises(ValueError, match='random weights'):
        describe_one(
            vsd_branch(distillation={**config, 'teacher': dict(type='PatchEncoder', trained=False)})
        )
    with pytest.raises(ValueError, match='share of the distillation'):
        vsd_branch(distillation={**config, 'alpha': 1.0})


VSE = dict(embed_dims=32, map_rows=32)


@pytest.mark.parametrize(
    'parts',
    [
        dict(adapter=dict(type='MOTAdapter', **VSE)),
        dict(fusion=dict(type='VSFM', aspp_channels=8, **VSE)),
        dict(
            adapter=dict(type='MOTAdapter', **VSE),
            fusion=dict(type='VSFM', aspp_channels=8, **VSE),
            quality=None,
        ),
        dict(fusion=dict(type='LearnedScalarFusion'), quality=None),
        dict(
            source=dict(
                type='CLIPBranch',
                embed_dims=32,
                encoder=dict(type='PatchEncoder', dims=1024),
            )
        ),
    ],
)
def test_mixtures_with_the_parts_of_vse_mot_train(parts):
    branch = vsd_branch(**parts)
    output = branch(contents(7), describe_one(branch))
    total = branch.total_loss(
        dict(loss_cls=output.contents.square().mean()), [output.distill_losses]
    )
    (total['loss_cls'] + total['loss_distill']).backward()
    assert output.contents.shape == (7, 32)
    for part in (branch.source, branch.fusion):
        grads = [p.grad for p in part.parameters() if p.requires_grad]
        assert all(grad is not None and grad.isfinite().all() for grad in grads)
