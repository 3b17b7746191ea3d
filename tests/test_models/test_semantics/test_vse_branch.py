"""CLIP branch, MOT-Adapter and VSFM together: what they do for any weights."""

import pytest
import torch
from mmtrack.registry import MODELS
from torch.utils.checkpoint import checkpoint

from vsd_mot.models.semantics import SemanticBranch
from vse_samples import description, frames, small_branch, without_dropout

SMALL = dict(embed_dims=64, map_rows=64)
SOURCE = dict(type='CLIPBranch', encoder=dict(type='ColourEncoder'), embed_dims=64)


def branch_of(**parts) -> SemanticBranch:
    torch.manual_seed(0)
    return MODELS.build(dict(type='SemanticBranch', **{'source': SOURCE, **parts}))


def gradients(branch: SemanticBranch) -> dict[str, torch.Tensor | None]:
    return {name: p.grad for name, p in branch.named_parameters() if p.requires_grad}


# Numbers of queries


@pytest.mark.parametrize('training', [True, False])
def test_no_queries_pass(training):
    branch = small_branch().train(training)
    assert branch(torch.zeros(0, 64), description()).contents.shape == (0, 64)


def test_one_query_more_than_a_map_holds_changes_little():
    branch = small_branch().eval()
    contents = torch.randn(65, 64)
    with torch.no_grad():
        full = branch(contents[:64], description()).contents - contents[:64]
        more = branch(contents, description()).contents - contents
        alone = branch(contents[64:], description()).contents - contents[64:]
    torch.testing.assert_close(more[0], (64 * full[0] + alone[0]) / 65, atol=1e-6, rtol=1e-5)


def test_queries_beyond_a_map_matter():
    branch = small_branch().eval()
    contents = torch.randn(100, 64)
    changed = contents.clone()
    changed[90] += 1
    with torch.no_grad():
        one = branch(contents, description()).contents - contents
        other = branch(changed, description()).contents - changed
    assert (one - other).abs().max() > 1e-5


@pytest.mark.parametrize('norm', ['group', 'published', 'frozen'])
@pytest.mark.parametrize('count', [10, 64])
def test_every_parameter_gets_a_finite_gradient(norm, count):
    branch = small_branch(norm=norm).train()
    contents = torch.randn(count, 64, requires_grad=True)
    branch(contents, description()).contents.square().sum().backward()
    for name, grad in {**gradients(branch), 'contents': contents.grad}.items():
        assert grad is not None, name
        assert torch.isfinite(grad).all(), name


def test_training_without_dropout_is_inference():
    branch = without_dropout(small_branch())
    contents = torch.randn(12, 64)
    trained = branch.train()(contents, description()).contents
    assert torch.equal(trained, branch.eval()(contents, description()).contents)


@pytest.mark.parametrize('whole_branch', [True, False])
def test_checkpointing_sees_the_same_frame_and_the_same_dropout(whole_branch):
    """Two frames, each with its own feature; the recomputation comes after both."""
    contents = [torch.randn(12, 64), torch.randn(70, 64)]
    seen = [description(seed=1), description(seed=2)]
    grads = []
    for checkpointed in (False, True):
        branch = small_branch().train()
        branch.fusion.with_cp = checkpointed and not whole_branch
        torch.manual_seed(5)
        loss = torch.zeros(())
        for rows, frame in zip(contents, seen):
            if checkpointed and whole_branch:
                output = checkpoint(branch, rows, frame, use_reentrant=False)
            else:
                output = branch(rows, frame)
            loss = loss + output.contents.square().sum()
        loss.backward()
        grads.append(gradients(branch))
    for name, expected in grads[0].items():
        assert torch.equal(grads[1][name], expected), name


def test_bfloat16_stays_finite_and_close():
    branch = small_branch().eval()
    contents = torch.randn(12, 64)
    exact = branch(contents, description()).contents
    with torch.autocast('cpu', torch.bfloat16):
        fused = branch(contents, description()).contents
    fused.float().sum().backward()
    assert all(torch.isfinite(grad).all() for grad in gradients(branch).values())
    assert (fused.float() - exact).abs().max() < 0.05 * (exact - contents).abs().max()


def test_double_precision_is_kept():
    branch = without_dropout(small_branch()).double().eval()
    contents, feature = torch.randn(12, 64), description()
    exact = branch(contents.double(), type(feature)(image_feature=feature.image_feature.double()))
    assert exact.contents.dtype == torch.float64
    rounded = branch.float()(contents, feature).contents
    torch.testing.assert_close(exact.contents.float(), rounded, atol=1e-5, rtol=1e-5)


def test_every_tensor_is_made_where_the_inputs_are():
    """The meta device refuses to mix with any other."""
    branch = small_branch().to('meta').eval()
    feature = description()
    feature.image_feature = feature.image_feature.to('meta')
    assert branch(torch.randn(100, 64, device='meta'), feature).contents.device.type == 'meta'


# Ablations and mixtures

STUDENT = dict(type='StudentEncoder', embed_dims=64, hidden_dims=32, feedforward_dims=64)
PARTS = {
    'no adapter': dict(fusion=dict(type='VSFM', aspp_channels=32, **SMALL)),
    'no VSFM': dict(
        adapter=dict(type='MOTAdapter', **SMALL), fusion=dict(type='FixedFusion', weight=0.5)
    ),
    'adapter with DSWR': dict(
        adapter=dict(type='MOTAdapter', **SMALL),
        fusion=dict(type='DSWR'),
        quality=dict(type='FrameQuality'),
    ),
    'VSFM on the student': dict(
        source=STUDENT, fusion=dict(type='VSFM', aspp_channels=32, **SMALL)
    ),
    'adapter and VSFM on the student': dict(
        source=STUDENT,
        adapter=dict(type='MOTAdapter', **SMALL),
        fusion=dict(type='VSFM', aspp_channels=32, **SMALL),
    ),
}


@pytest.mark.parametrize('name', PARTS)
def test_mixtures_train(name):
    branch = branch_of(**PARTS[name]).train()
    optimizer = torch.optim.SGD([p for p in branch.parameters() if p.requires_grad], lr=0.01)
    contents = torch.randn(12, 64)
    seen = branch.describe(frames(1))[0]
    for _ in range(2):  # the adapter's readout starts at zero and lets gradients pass after a step
        optimizer.zero_grad()
        branch(contents, seen).contents.square().sum().backward()
        optimizer.step()
    for parameter, grad in gradients(branch).items():
        assert grad is not None, parameter
        assert torch.isfinite(grad).all(), parameter


def test_linked_parts_share_one_embedding():
    branch = small_branch()
    assert branch.fusion.embedding is None
    assert branch.adapter.readout is None
    assert branch_of(**PARTS['no adapter']).fusion.embedding is not None


def test_maps_that_do_not_fit_are_refused_when_built():
    with pytest.raises(ValueError, match='give both the same embed_dims, map_rows and channels'):
        branch_of(
            adapter=dict(type='MOTAdapter', embed_dims=64, map_rows=128),
            fusion=dict(type='VSFM', **SMALL),
        )
