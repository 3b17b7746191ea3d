"""Identities by detector, motion and decoder in one association."""

import pytest
import torch
from mmtrack.registry import MODELS

from vsd_mot.models.query_tracking.queries import (
    FrameEvidence,
    HybridLifecycle,
    Proposals,
    QuerySet,
)

SIZE = (100, 200)
LEARNED = 2


class Film:
    """Feeds frames to a lifecycle and hands its tracks on, as the tracker does.

    Args:
        lifecycle: Settings of the lifecycle.
    """

    def __init__(self, **lifecycle) -> None:
        self.lifecycle = HybridLifecycle(**{'min_area': 0, 'tentative': 1, **lifecycle})
        self.tracks = None

    def show(
        self,
        found: list[tuple[float, float]],
        decoded: dict[int, tuple[float, float]] | None = None,
        **frame,
    ) -> dict[int, float]:
        """Show one frame.

        Args:
            found: x and score of each proposal.
            decoded: x and score that the decoder gives to tracks, by identity; else score 0.
            frame: Further fields of the evidence.

        Returns:
            x of each reported identity, in pixels.
        """
        boxes = torch.tensor([[x / 200, 0.5, 0.05, 0.3] for x, _ in found]).reshape(-1, 4)
        proposals = Proposals(boxes, torch.tensor([score for _, score in found]))
        fresh = QuerySet.fresh(
            torch.cat((torch.rand(LEARNED, 4), boxes)), torch.rand(LEARNED + len(found), 8)
        )
        queries = fresh if self.tracks is None else QuerySet.cat((fresh, self.tracks))
        answers, scores = queries.reference_boxes.clone(), torch.zeros(len(queries))
        for row, identity in enumerate(queries.track_ids.tolist()):
            if decoded and identity in decoded:
                answers[row, 0], scores[row] = decoded[identity][0] / 200, decoded[identity][1]
        self.settled = self.lifecycle.settle(
            FrameEvidence(queries.replace(scores=scores), answers, proposals, SIZE, **frame)
        )
        after = self.settled.queries
        self.tracks = after[after.track_ids >= 0]
        shown = self.settled.reported
        return {
            int(identity): float(box[0] * 200)
            for identity, box in zip(after.track_ids[shown], self.settled.boxes[shown])
        }


def test_identities_follow_moving_people():
    film = Film()
    for step in range(8):
        shown = film.show([(50 + step, 0.9), (150 - step, 0.9)])
        assert shown == pytest.approx({0: 50 + step, 1: 150 - step}, abs=0.1)


def test_a_low_score_goes_on_with_a_track_and_begins_none():
    film = Film(high_score=0.6, birth_score=0.7)
    film.show([(50, 0.9)])
    assert film.show([(50, 0.3), (150, 0.3)]) == pytest.approx({0: 50}, abs=0.1)


def test_a_person_who_comes_back_in_time_has_the_old_identity():
    film = Film(retain=5)
    film.show([(50, 0.9)])
    for _ in range(4):
        assert film.show([]) == {}
    assert list(film.show([(50, 0.9)])) == [0]
    for _ in range(6):
        film.show([])
    assert list(film.show([(50, 0.9)])) == [1]


def test_the_decoder_keeps_whom_the_detector_misses():
    film = Film(remember_score=0.5, remember_frames=3)
    film.show([(50, 0.9)])
    for step in range(1, 4):
        assert film.show([], {0: (50 + step, 0.8)}) == pytest.approx({0: 50 + step}, abs=0.1)
    assert film.show([], {0: (54, 0.8)}) == {}
    assert Film(remember_score=0.5).show([]) == {}


def test_without_trust_in_it_the_decoder_keeps_nobody():
    film = Film()
    film.show([(50, 0.9)])
    assert film.show([], {0: (50, 0.99)}) == {}


def test_the_box_lies_between_detector_and_decoder():
    film = Film(decoder_share=0.5)
    film.show([(50, 0.9)])
    assert film.show([(50, 0.9)], {0: (52, 0.8)}) == pytest.approx({0: 50.8}, abs=0.01)


def test_coasting_ends():
    film = Film(coast=2)
    film.show([(50, 0.9)])
    assert [len(film.show([])) for _ in range(4)] == [1, 1, 0, 0]


def test_time_that_was_left_out_counts():
    film = Film(retain=5)
    film.show([(50, 0.9)])
    film.show([], elapsed=10.0)
    assert list(film.show([(50, 0.9)])) == [1]


def test_the_identity_moves_to_the_query_that_saw_the_person():
    film = Film(query_score=0.5)
    film.show([(50, 0.9)])
    film.show([(50, 0.9)], {0: (50, 0.2)})
    assert film.settled.queries.track_ids.tolist() == [-1, -1, 0, -1]
    film.show([(50, 0.9)], {0: (50, 0.8)})
    assert film.settled.queries.track_ids.tolist() == [-1, -1, -1, 0]


def test_an_unconfirmed_track_ends_at_its_first_miss():
    film = Film(tentative=3)
    film.show([])
    film.show([(50, 0.9)])
    film.show([])
    assert list(film.show([(50, 0.9)])) == [1]


def test_a_proposal_on_a_track_gives_no_second_one():
    people = [(50, 0.9), (52, 0.8)]
    alone, doubled = Film(duplicate_iou=0.5), Film()
    for film in (alone, doubled):
        film.show([(50, 0.9)])
    assert (len(alone.show(people)), len(doubled.show(people))) == (1, 2)


def test_reset_begins_anew():
    film = Film()
    film.show([(50, 0.9)])
    film.lifecycle.reset()
    film.tracks = None
    assert list(film.show([(50, 0.9)])) == [0]


def test_it_is_built_from_a_config():
    built = MODELS.build(dict(type='HybridLifecycle', motion=dict(position_noise=0.1)))
    assert built.filter.position_noise == 0.1


@pytest.mark.parametrize(('gap', 'identity'), [(5.0, 0), (8.0, 1)])
def test_a_gap_in_the_video_ends_the_tracks_that_it_outlasts(gap, identity):
    film = Film(retain=6)
    for _ in range(3):
        film.show([(50, 0.9)])
    assert list(film.show([(50, 0.9)], elapsed=gap)) == [identity]


def test_half_the_frame_rate_in_ticks_finds_the_same_place():
    """A person who walks on unseen is where the clock, not the count of frames, says."""
    film = Film(retain=30, coast=10)
    for step in range(6):
        film.show([(40 + 6 * step, 0.9)], elapsed=3.0)
    assert film.show([], elapsed=6.0) == pytest.approx({0: 40 + 6 * 5 + 12}, abs=1.5)
