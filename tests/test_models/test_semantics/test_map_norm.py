import pytest
import torch
import torch.nn.functional as F

from vsd_mot.models.semantics.map_norm import NORMS, map_norm, row_norm
from vsd_mot.models.semantics.row_map import RowMap, query_plan


def noise_map(count: int, channels: int = 16, height: int = 32, width: int = 24) -> RowMap:
    plan = query_plan(count, height)
    return RowMap(2 + 3 * torch.randn(1, channels, plan.stored, width), plan)


def test_group_normalises_by_the_rows_of_the_queries():
    torch.manual_seed(0)
    x = noise_map(5)
    norm = map_norm('group', 16)
    torch.nn.init.normal_(norm.weight)
    torch.nn.init.normal_(norm.bias)
    expected = F.group_norm(x.rows[:, :, :5], 2, norm.weight, norm.bias)
    torch.testing.assert_close(norm(x).rows[:, :, :5], expected, atol=1e-5, rtol=1e-5)


def test_group_does_not_see_how_many_rows_are_empty():
    x = noise_map(5)
    taller = RowMap(x.rows, query_plan(5, height=256))
    norm = map_norm('group', 16)
    assert torch.equal(norm(x).rows, norm(taller).rows)


def test_group_is_the_same_in_training_and_has_nothing_to_accumulate():
    x, norm = noise_map(5), row_norm('group', 16, 32)
    assert torch.equal(norm.train()(x).rows, norm.eval()(x).rows)
    assert not list(norm.buffers())


def test_group_copes_with_a_single_value_per_channel():
    """The pooled branch of the ASPP, whose published batch variance is zero."""
    x = RowMap(torch.randn(1, 16, 1, 1), query_plan(1, 1))
    assert map_norm('group', 16)(x).rows.std() > 0.5


@pytest.mark.parametrize('build', [map_norm, lambda norm, c: row_norm(norm, c, 32)])
def test_frozen_never_changes_its_statistics(build):
    norm = build('frozen', 16).train()
    before = norm.running_mean.clone()
    x = noise_map(5)
    in_training = norm(x).rows
    assert torch.equal(norm.running_mean, before)
    assert torch.equal(in_training, norm.eval()(x).rows)


def test_published_takes_the_statistics_of_the_whole_map():
    x, norm = noise_map(5), map_norm('published', 16).train()
    expected = F.batch_norm(x.expanded().rows, None, None, training=True)
    torch.testing.assert_close(norm(x).rows, expected)
    assert norm.running_mean.abs().sum() > 0


def test_an_unknown_norm_is_refused():
    with pytest.raises(ValueError, match="norm='layer': choose one of 'group'"):
        map_norm('layer', 16)
    assert NORMS == ('group', 'published', 'frozen')


def test_group_refuses_channels_it_cannot_group():
    with pytest.raises(ValueError, match='takes 8 channels together and there are 12'):
        map_norm('group', 12)
