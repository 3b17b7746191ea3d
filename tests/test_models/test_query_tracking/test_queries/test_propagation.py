import pytest
import torch

from vsd_mot.models.query_tracking.queries import QueryInteraction, QuerySet

C = 32


def make(count: int, scores: list[float], ids: list[int]) -> QuerySet:
    return QuerySet.fresh(torch.rand(count, 4), torch.rand(count, C)).replace(
        scores=torch.tensor(scores), track_ids=torch.tensor(ids)
    )


@pytest.fixture
def interaction():
    torch.manual_seed(0)
    return QueryInteraction(embed_dims=C, num_heads=4, feedforward_channels=64)


def test_inference_hands_on_whoever_has_an_identity(interaction):
    queries = make(4, [0.9, 0.9, 0.1, 0.1], [0, -1, 1, -1])
    tracks = interaction.eval()(queries, torch.rand(4, C), torch.rand(4, 4))
    assert tracks.track_ids.tolist() == [0, 1]


def test_a_missed_track_keeps_content_and_box_and_a_seen_one_does_not(interaction):
    queries = make(2, [0.9, 0.5], [0, 1])
    boxes = torch.rand(2, 4)
    tracks = interaction.eval()(queries, torch.rand(2, C), boxes)
    assert torch.equal(tracks.reference_boxes[0], boxes[0])
    assert torch.equal(tracks.reference_boxes[1], queries.reference_boxes[1])
    assert torch.equal(tracks.contents[1], queries.contents[1])
    assert not torch.allclose(tracks.contents[0], queries.contents[0])


def test_the_order_of_queries_does_not_matter(interaction):
    queries = make(5, [0.9] * 5, list(range(5)))
    states, boxes = torch.rand(5, C), torch.rand(5, 4)
    order = torch.tensor([3, 1, 4, 0, 2])
    straight = interaction.eval()(queries, states, boxes)
    shuffled = interaction(queries[order], states[order], boxes[order])
    torch.testing.assert_close(shuffled.contents, straight.contents[order])


def test_training_keeps_matched_and_confident_and_unties_bad_boxes(interaction):
    queries = make(4, [0.1, 0.6, 0.1, 0.9], [7, -1, -1, 8])
    queries = queries.replace(ious=torch.tensor([0.9, 1.0, 1.0, 0.5]))
    tracks = interaction.train()(queries, torch.rand(4, C), torch.rand(4, 4))
    assert tracks.track_ids.tolist() == [7, -1, -1]


def test_gradients_go_through_states_but_not_through_boxes(interaction):
    queries = make(3, [0.9] * 3, [0, 1, 2])
    states = torch.rand(3, C, requires_grad=True)
    boxes = torch.rand(3, 4, requires_grad=True)
    tracks = interaction.train()(queries, states, boxes)
    tracks.contents.sum().backward()
    assert states.grad.abs().sum() > 0
    assert boxes.grad is None
    assert not tracks.reference_boxes.requires_grad


def test_random_drop_drops_that_share():
    torch.manual_seed(0)
    interaction = QueryInteraction(
        embed_dims=C, num_heads=4, feedforward_channels=64, random_drop=0.1
    )
    queries = make(4000, [0.9] * 4000, list(range(4000)))
    kept = len(interaction.training_survivors(queries, torch.rand(4000, 4)))
    assert 0.87 < kept / 4000 < 0.93


def test_a_false_positive_is_the_inactive_query_that_overlaps_most():
    interaction = QueryInteraction(embed_dims=C, num_heads=4, feedforward_channels=64, fp_ratio=1.0)
    queries = make(4, [0.9, 0.1, 0.1, 0.1], [0, -1, -1, -1])
    boxes = torch.tensor(
        [[0.5, 0.5, 0.2, 0.2], [0.9, 0.9, 0.1, 0.1], [0.52, 0.5, 0.2, 0.2], [0.6, 0.6, 0.2, 0.2]]
    )
    assert interaction.training_survivors(queries, boxes).tolist() == [0, 2]


@pytest.mark.parametrize('training', [True, False])
def test_no_tracks(interaction, training):
    queries = make(2, [0.1, 0.1], [-1, -1])
    tracks = interaction.train(training)(queries, torch.rand(2, C), torch.rand(2, 4))
    assert len(tracks) == 0
    assert tracks.contents.shape == (0, C)
