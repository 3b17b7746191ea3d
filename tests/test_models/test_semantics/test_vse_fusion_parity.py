"""Adapter and VSFM against the published implementation, with given image features."""

import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from vsd_mot.models.semantics import FrameDescription
from vsd_mot.models.semantics.row_map import query_plan, stencil
from vse_published import PublishedFusion, published_weights
from vse_samples import build_branch, load_published, small_branch, without_dropout

GOLDEN = np.load(Path(__file__).parents[2] / 'data/golden/vse_fusion.npz')
TOLERANCE = 3e-5


def golden(name: str) -> torch.Tensor:
    return torch.from_numpy(GOLDEN[name])


@pytest.fixture(scope='module')
def published():
    branch = build_branch(norm='published')
    load_published(branch)
    return branch.eval()


def fuse(branch: nn.Module, feature: torch.Tensor, contents: torch.Tensor) -> torch.Tensor:
    return branch(contents, FrameDescription(image_feature=feature)).contents


@torch.no_grad()
@pytest.mark.parametrize('count', [10, 22, 57])
def test_inference_is_the_published(published, count):
    contents = golden(f'n{count}_query_embed')
    fused = fuse(published, golden(f'n{count}_image_feature'), contents)
    expected = golden(f'n{count}_eval_out')
    torch.testing.assert_close(fused[: len(expected)], expected, atol=TOLERANCE, rtol=0)
    added = fused - contents
    torch.testing.assert_close(added, added[:1].expand_as(added), atol=1e-6, rtol=0)


@torch.no_grad()
def test_training_is_the_published():
    branch = build_branch(norm='published')
    load_published(branch)
    fused = fuse(
        without_dropout(branch).train(), golden('n22_image_feature'), golden('n22_query_embed')
    )
    expected = golden('n22_train_out')
    torch.testing.assert_close(fused[: len(expected)], expected, atol=TOLERANCE, rtol=0)


@torch.no_grad()
def test_frozen_statistics_are_those_of_inference(published):
    branch = build_branch(norm='frozen')
    branch.load_state_dict(published.state_dict())
    arguments = golden('n10_image_feature'), golden('n10_query_embed')
    fused = fuse(without_dropout(branch).train(), *arguments)
    torch.testing.assert_close(fused, fuse(published, *arguments))


def test_gradients_are_those_of_the_plain_form(published):
    weights = published_weights()
    plain = PublishedFusion(weights)
    inputs = golden('n10_image_feature'), golden('n10_query_embed')
    grads = []
    for function in (plain, lambda *args: fuse(published, *args)):
        leaves = [value.clone().requires_grad_() for value in inputs]
        function(*leaves).square().sum().backward()
        grads.append([leaf.grad for leaf in leaves])
    for expected, grad in zip(*grads):
        torch.testing.assert_close(grad, expected, atol=1e-3, rtol=1e-3)
        assert expected.abs().max() > 1


@pytest.mark.parametrize('norm', ['group', 'published'])
@pytest.mark.parametrize('count', [1, 10, 63, 64, 100])
def test_storing_rows_once_changes_nothing(norm, count):
    """Values and gradients are those of the whole map, on maps of 64 rows."""
    torch.manual_seed(count)
    feature, contents = torch.randn(1, 1024), torch.randn(count, 64)
    answers, grads = [], []
    for collapse in (True, False):
        branch = without_dropout(small_branch(norm=norm, collapse=collapse)).eval()
        leaf = contents.clone().requires_grad_()
        fused = fuse(branch, feature, leaf)
        fused.square().sum().backward()
        answers.append(fused.detach())
        grads.append({name: p.grad for name, p in branch.named_parameters() if p.requires_grad})
        grads[-1]['contents'] = leaf.grad
    torch.testing.assert_close(answers[0], answers[1], atol=1e-5, rtol=0)
    for name, expected in grads[1].items():
        scale = expected.abs().max().clamp(min=1)
        torch.testing.assert_close(
            grads[0][name] / scale, expected / scale, atol=1e-5, rtol=1e-4, msg=name
        )


@torch.no_grad()
@pytest.mark.parametrize('count', [0, 1, 10, 57, 255, 256, 400])
def test_storing_rows_once_changes_nothing_at_full_size(count):
    torch.manual_seed(count)
    feature, contents = torch.randn(1, 1024), torch.randn(count, 256)
    once, each = (
        build_branch(collapse=collapse, aspp_channels=32).eval() for collapse in (True, False)
    )
    fused = fuse(once, feature, contents)
    torch.testing.assert_close(fused, fuse(each, feature, contents), atol=1e-5, rtol=0)
    assert count == 0 or (fused - contents).abs().max() > 0.01


def test_most_rows_of_sixty_queries_are_equal():
    plan, _ = stencil(query_plan(60, 256), (-1, 0, 1))
    plan, _ = stencil(plan, (-3, -2, -1, 0, 1, 2, 3))
    plan, _ = stencil(plan, (-18, -12, -6, 0, 6, 12, 18))
    assert plan.stored == 102


@torch.no_grad()
def test_the_fusion_costs_at_most_half_of_the_published_form():
    """CPU time of 60 queries on one thread; ``pytest -s`` shows it."""
    inputs = torch.randn(1, 1024), torch.randn(60, 256)
    forms = {
        'plain': PublishedFusion(published_weights()),
        'group': partial(fuse, build_branch().eval()),
        'published': partial(fuse, build_branch(norm='published').eval()),
    }
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seconds = {
            name: min(_seconds(form, inputs) for _ in range(2)) for name, form in forms.items()
        }
    finally:
        torch.set_num_threads(threads)
    print({name: f'{1e3 * value:.0f} ms' for name, value in seconds.items()})
    assert seconds['group'] < 0.5 * seconds['plain']


def _seconds(form, inputs) -> float:
    start = time.thread_time()
    form(*inputs)
    return time.thread_time() - start
