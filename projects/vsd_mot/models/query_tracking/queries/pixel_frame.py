"""A frame's evidence as arrays in pixels, and the way back to its queries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_xyxy_to_cxcywh

from .frame_evidence import FrameEvidence, SettledFrame


@dataclass
class Observations:
    """What was observed of each track in a frame.

    Attributes:
        proposal: Index of the proposal that a track took, -1 for none, ``(t,)``.
        by_decoder: Whether only the decoder's score keeps it alive, ``(t,)``.
    """

    proposal: np.ndarray
    by_decoder: np.ndarray

    @property
    def observed(self) -> np.ndarray:
        """Whether a track was observed at all, ``(t,)``."""
        return (self.proposal >= 0) | self.by_decoder


@dataclass
class Verdict:
    """What a lifecycle has decided about t tracks and the newborn.

    Attributes:
        ids: Identities of the tracks, ``(t,)``.
        boxes: Where they are, (x1, y1, x2, y2) in pixels, ``(t, 4)``.
        missed: Frames since they were observed, ``(t,)``.
        surviving: Which of them live on, ``(t,)``.
        reported: Which of them are reported, ``(t,)``.
        changes_query: Which of them, having taken a proposal, go on as that proposal's query,
            ``(t,)``.
        births: Indices of the proposals that start a track, ``(b,)``.
        birth_ids: Their identities, ``(b,)``.
    """

    ids: np.ndarray
    boxes: np.ndarray
    missed: np.ndarray
    surviving: np.ndarray
    reported: np.ndarray
    changes_query: np.ndarray
    births: np.ndarray
    birth_ids: np.ndarray


class PixelFrame:
    """A frame's proposals and tracks, the tracks in the order of their identities in a lifecycle.

    Args:
        evidence: Of the frame.
        ids: Identities of the lifecycle's t tracks; each is carried by one query.

    Attributes:
        proposals: Boxes (x1, y1, x2, y2) in pixels, ``(p, 4)``.
        proposal_scores: The detector's scores, ``(p,)``.
        track_boxes: The decoder's boxes of the tracks, ``(t, 4)``.
        track_scores: The decoder's scores of the tracks, ``(t,)``.
    """

    def __init__(self, evidence: FrameEvidence, ids: np.ndarray) -> None:
        self.queries = evidence.queries
        self.decoded = evidence.boxes
        height, width = evidence.size
        self.scale = evidence.boxes.new_tensor([width, height, width, height])
        track_ids = evidence.queries.track_ids.tolist()
        rows = {identity: row for row, identity in enumerate(track_ids) if identity >= 0}
        self.track_rows = np.array([rows[identity] for identity in ids.tolist()], int)
        first_track = len(track_ids) - len(rows)
        self.proposal_rows = np.arange(first_track - len(evidence.proposals.scores), first_track)
        self.proposals = self._pixels(evidence.proposals.boxes)
        self.proposal_scores = evidence.proposals.scores.cpu().double().numpy()
        self.track_boxes = self._pixels(evidence.boxes)[self.track_rows]
        self.track_scores = evidence.queries.scores.cpu().double().numpy()[self.track_rows]

    def _pixels(self, boxes: torch.Tensor) -> np.ndarray:
        return (bbox_cxcywh_to_xyxy(boxes) * self.scale).cpu().double().numpy().reshape(-1, 4)

    def settled(
        self, observations: Observations, verdict: Verdict, min_area: float
    ) -> SettledFrame:
        """Write a verdict to the frame's queries.

        Args:
            observations: Of the tracks.
            verdict: On the tracks.
            min_area: Reported boxes are larger than this many pixels.
        """
        matched = observations.proposal >= 0
        rows = self.track_rows.copy()
        moved = matched & verdict.changes_query
        rows[moved] = self.proposal_rows[observations.proposal[moved]]
        confidence = self.track_scores.copy()
        confidence[matched] = self.proposal_scores[observations.proposal[matched]]
        newborn = self.proposal_rows[verdict.births]
        rows = np.concatenate((rows, newborn))
        births = len(newborn)
        boxes = np.concatenate((verdict.boxes, self.proposals[verdict.births]))
        area = (boxes[:, 2:] - boxes[:, :2]).clip(0).prod(axis=1)
        surviving = np.concatenate((verdict.surviving, np.ones(births, bool)))
        ids = np.concatenate((verdict.ids, verdict.birth_ids))

        def spread(values: np.ndarray, fill: torch.Tensor) -> torch.Tensor:
            """Put the values of tracks and newborn at their queries' places."""
            out = fill.clone()
            out[torch.as_tensor(rows)] = torch.as_tensor(values).to(fill)
            return out

        identities = spread(
            np.where(surviving, ids, -1), torch.full_like(self.queries.track_ids, -1)
        )
        placed = bbox_xyxy_to_cxcywh(torch.as_tensor(boxes).to(self.scale) / self.scale)
        zeros = torch.zeros_like(self.queries.scores)
        queries = self.queries.replace(
            track_ids=identities,
            # All or nothing: propagation takes up those that were observed.
            scores=spread(np.concatenate((observations.observed, np.ones(births))), zeros),
            missed=spread(
                np.concatenate((verdict.missed, np.zeros(births))),
                torch.zeros_like(self.queries.missed),
            ),
            reference_boxes=spread(placed, self.queries.reference_boxes),
        )
        reported = np.concatenate((verdict.reported, np.ones(births, bool))) & (area > min_area)
        return SettledFrame(
            queries,
            spread(placed, self.decoded),
            spread(
                np.concatenate((confidence, self.proposal_scores[verdict.births])),
                self.queries.scores,
            ),
            spread(reported, torch.zeros_like(identities, dtype=torch.bool)),
        )
