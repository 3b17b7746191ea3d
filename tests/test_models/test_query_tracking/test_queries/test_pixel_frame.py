"""A frame in pixels, and the way back to its queries."""

import numpy as np
import torch

from vsd_mot.models.query_tracking.queries import FrameEvidence, Proposals, QuerySet
from vsd_mot.models.query_tracking.queries.pixel_frame import Observations, PixelFrame, Verdict

SIZE = (100, 200)


def frame(ids):
    """A learned query, two proposals, and tracks 7 and 3; the lifecycle lists some in its order."""
    boxes = torch.tensor(
        [[0.5, 0.5, 0.1, 0.1], [0.1, 0.5, 0.1, 0.2], [0.3, 0.5, 0.1, 0.2], [0.7, 0.5, 0.1, 0.2],
         [0.9, 0.5, 0.1, 0.2]]
    )  # fmt: skip
    queries = QuerySet.fresh(boxes, torch.zeros(5, 4)).replace(
        track_ids=torch.tensor([-1, -1, -1, 7, 3]), scores=torch.tensor([0.1, 0.2, 0.3, 0.4, 0.5])
    )
    proposals = Proposals(boxes[1:3], torch.tensor([0.8, 0.9]))
    return PixelFrame(FrameEvidence(queries, boxes, proposals, SIZE), np.array(ids))


def test_boxes_are_in_pixels_and_tracks_in_the_order_of_the_lifecycle():
    pixels = frame([3, 7])
    np.testing.assert_allclose(pixels.proposals, [[10, 40, 30, 60], [50, 40, 70, 60]], atol=1e-4)
    np.testing.assert_allclose(pixels.track_boxes[:, 0], [170, 130], atol=1e-4)
    np.testing.assert_allclose(pixels.track_scores, [0.5, 0.4], atol=1e-6)
    np.testing.assert_allclose(pixels.proposal_scores, [0.8, 0.9], atol=1e-6)


def test_a_verdict_reaches_the_queries_it_is_about():
    pixels = frame([3, 7])
    observations = Observations(np.array([1, -1]), np.array([False, False]))
    assert observations.observed.tolist() == [True, False]
    verdict = Verdict(
        ids=np.array([3, 7]),
        boxes=np.array([[50.0, 40, 70, 60], [130, 40, 150, 60]]),
        missed=np.array([0.0, 2.5]),
        surviving=np.array([True, True]),
        reported=np.array([True, False]),
        changes_query=np.array([True, False]),
        births=np.array([0]),
        birth_ids=np.array([8]),
    )
    settled = pixels.settled(observations, verdict, min_area=100)
    # Track 3 goes on as the query of the proposal that it took; track 8 is born of the other.
    assert settled.queries.track_ids.tolist() == [-1, 8, 3, 7, -1]
    assert settled.reported.tolist() == [False, True, True, False, False]
    assert settled.queries.missed.tolist() == [0, 0, 0, 2.5, 0]
    assert settled.queries.scores.tolist() == [0, 1, 1, 0, 0]
    torch.testing.assert_close(settled.scores[1:3], torch.tensor([0.8, 0.9]))
    torch.testing.assert_close(settled.boxes[2], torch.tensor([0.3, 0.5, 0.1, 0.2]))
    assert pixels.settled(observations, verdict, min_area=500).reported.sum() == 0
