"""Birth and death by detector, motion and decoder together."""

from __future__ import annotations

import numpy as np
import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS

from .association import assign, height_ratio, pairwise_iou
from .frame_evidence import FrameEvidence, SettledFrame
from .motion import BoxMotion, ConstantVelocity
from .pixel_frame import PixelFrame, Sightings, Verdict


@MODELS.register_module()
class HybridLifecycle(BaseModule):
    """Tracks take the detector's boxes in ByteTrack's two steps; queries fill what it misses.

    Each track has a motion state and, as a query, the decoder's box and score of this frame. Frames
    are counted by the model's clock: where that counts seconds (:class:`Clock`), settings in
    frames are in its ticks.

    1. Proposals above ``high_score`` are matched with all tracks, the rest above ``low_score``
       with those that are left and were seen lately (ByteTrack, Zhang et al., ECCV 2022). The
       similarity is the IoU with the motion's box, or with the decoder's where that is larger.
    2. A track that found none, but of which the decoder is sure (``remember_score``), lives on at
       the decoder's box: queries remember where detections fail.
    3. Others are missed. They are reported at the motion's box for ``coast`` frames and can be
       found again for ``retain`` frames. Frames that are not trusted count less.
    4. Proposals above ``birth_score`` that nobody took are born.

    Where the decoder did not see a track that took a proposal, its identity moves to the
    proposal's query, so that the next frame goes on from a query that saw the person.

    With ``remember_score=1``, ``decoder_share=0``, ``coast=0`` and no trust this is ByteTrack. It
    is weak where detections fail and people move unevenly at once: then nothing tells two of them
    apart.

    Args:
        high_score: Proposals above it are matched first, and with tracks lost for long, too.
        low_score: Proposals below it are not looked at.
        high_similarity: Least similarity of a match in the first step.
        low_similarity: The same in the second step.
        birth_score: Proposals above it start a track. Raising it loses people, and false ones.
        birth_doubt: How much ``birth_score`` rises in a frame that is not trusted at all; negative
            where bad frames give true boxes of low score.
        remember_score: Decoder scores above it keep a missed track alive. 1: never.
        remember_frames: For how many frames in a row the decoder alone may do that.
        decoder_share: Weight of the decoder's box in a matched track's box, times its score.
        decoder_match: Whether the decoder's box of a track may match a proposal, too.
        smoothing: Weight of the motion's filtered box in the reported one. Detections of bad
            frames jitter; raising it steadies them, and lags behind.
        margin: Share of its size by which a box is widened for matching (buffered IoU).
        height_power: Exponent of the height ratio in the similarity; 0 ignores heights.
        coast: Missed frames for which a track is reported at the motion's box.
        retain: Missed frames after which a track dies.
        forgiveness: Share of a missed frame that does not count when the frame is not trusted.
        tentative: Sightings that confirm a track; before, one miss ends it, and it neither coasts
            nor is remembered.
        duplicate_iou: A proposal that overlaps a seen track's box by more gives no birth.
        query_score: A matched track goes on from its own query where the decoder's score is above
            this, else from the proposal's.
        min_area: A reported box is larger than this many pixels of the original image.
        trust: Config of what maps quality to trust (:class:`FrameTrust`); None trusts all frames.
        motion: Arguments of :class:`ConstantVelocity`.
    """

    def __init__(
        self,
        *,
        high_score: float = 0.6,
        low_score: float = 0.1,
        high_similarity: float = 0.1,
        low_similarity: float = 0.5,
        birth_score: float = 0.7,
        birth_doubt: float = 0.0,
        remember_score: float = 1.0,
        remember_frames: float = 30,
        decoder_share: float = 0.0,
        decoder_match: bool = False,
        smoothing: float = 0.0,
        margin: float = 0.0,
        height_power: float = 0.0,
        coast: float = 0,
        retain: float = 30,
        forgiveness: float = 0.0,
        tentative: int = 3,
        duplicate_iou: float = 1.0,
        query_score: float = 0.3,
        min_area: float = 100.0,
        trust: dict | None = None,
        motion: dict | None = None,
    ) -> None:
        super().__init__()
        self.high_score = high_score
        self.low_score = low_score
        self.high_similarity = high_similarity
        self.low_similarity = low_similarity
        self.birth_score = birth_score
        self.birth_doubt = birth_doubt
        self.remember_score = remember_score
        self.remember_frames = remember_frames
        self.decoder_share = decoder_share
        self.decoder_match = decoder_match
        self.smoothing = smoothing
        self.margin = margin
        self.height_power = height_power
        self.coast = coast
        self.retain = retain
        self.forgiveness = forgiveness
        self.tentative = tentative
        self.duplicate_iou = duplicate_iou
        self.query_score = query_score
        self.min_area = min_area
        self.trust = None if trust is None else MODELS.build(trust)
        self.filter = ConstantVelocity(**(motion or {}))
        self.reset()

    def reset(self) -> None:
        """Begin a video: no tracks, identities start at 0 again."""
        self.next_id = 0
        self.first_frame = True
        self.ids = np.zeros(0, int)
        self.motion = BoxMotion.empty()
        self.missed = np.zeros(0)  # frames since a proposal or the decoder saw the track
        self.unproposed = np.zeros(0)  # frames since a proposal did
        self.hits = np.zeros(0, int)

    @torch.no_grad()
    def settle(self, evidence: FrameEvidence) -> SettledFrame:
        """Decide who is whom in a frame.

        Args:
            evidence: Of the frame.

        Returns:
            The queries with their identities, and what is reported.
        """
        frame = PixelFrame(evidence, self.ids)
        trust = 1.0 if self.trust is None else self.trust(evidence.quality)
        self.motion = self.filter.predict(self.motion, evidence.elapsed, self.missed > 0)
        sightings = self._associate(frame, evidence.elapsed)
        boxes, doubt = self._observe(frame, sightings)
        seen = sightings.seen
        corrected = self.filter.update(self.motion[seen], boxes[seen], doubt[seen])
        self.motion.mean[seen], self.motion.covariance[seen] = corrected.mean, corrected.covariance
        reported = np.where(
            seen[:, None],
            (1 - self.smoothing) * boxes + self.smoothing * self.motion.boxes,
            self.motion.boxes,
        )
        alive = self._age(sightings, evidence.elapsed * (1 - self.forgiveness * (1 - trust)))
        born = self._births(frame, sightings, reported[seen], trust)
        verdict = Verdict(
            ids=self.ids,
            boxes=reported,
            missed=self.missed,
            alive=alive,
            shown=alive & (self.missed <= self.coast),
            changes_query=frame.track_scores < self.query_score,
            born=born,
            born_ids=self.next_id + np.arange(len(born)),
        )
        settled = frame.settled(sightings, verdict, self.min_area)
        self._keep(alive, frame.proposals[born], verdict.born_ids)
        return settled

    def _associate(self, frame: PixelFrame, elapsed: float) -> Sightings:
        """Match tracks with proposals in two steps, then ask the decoder about the rest."""
        similarity = pairwise_iou(self.motion.boxes, frame.proposals, self.margin)
        if self.decoder_match:
            looked = pairwise_iou(frame.track_boxes, frame.proposals, self.margin)
            similarity = np.maximum(similarity, looked * frame.track_scores[:, None])
        if self.height_power:
            ratio = height_ratio(self.motion.boxes, frame.proposals)
            similarity = similarity * ratio**self.height_power
        taken = np.full(len(self.ids), -1)
        # A gap in the video may have outlasted them.
        waiting = self.missed + elapsed - 1 < self.retain
        high = np.flatnonzero(frame.proposal_scores > self.high_score)
        low = np.flatnonzero(
            (frame.proposal_scores > self.low_score) & (frame.proposal_scores <= self.high_score)
        )
        sure = self.hits >= self.tentative
        steps = (
            (sure, high, self.high_similarity, True),
            (~sure, high, max(self.high_similarity, 0.3), True),
            (sure & (self.missed == 0), low, self.low_similarity, False),
        )
        free = np.ones(len(frame.proposals), bool)
        for mask, candidates, threshold, weighted in steps:
            rows = np.flatnonzero(mask & waiting & (taken < 0))
            columns = candidates[free[candidates]]
            part = similarity[np.ix_(rows, columns)]
            if weighted:
                part = part * frame.proposal_scores[columns]
            matched, by = assign(part, threshold)
            taken[rows[matched]] = columns[by]
            free[columns[by]] = False
        remembered = (
            (taken < 0)
            & sure
            & waiting
            & (frame.track_scores > self.remember_score)
            & (self.unproposed < self.remember_frames)
        )
        return Sightings(taken, remembered)

    def _observe(self, frame: PixelFrame, sightings: Sightings) -> tuple[np.ndarray, np.ndarray]:
        """Where each track was seen, (x1, y1, x2, y2), and how doubtful that is."""
        boxes = frame.track_boxes.copy()
        doubt = np.ones(len(boxes))
        matched = np.flatnonzero(sightings.proposal >= 0)
        proposal = sightings.proposal[matched]
        share = (self.decoder_share * frame.track_scores[matched])[:, None]
        boxes[matched] = share * boxes[matched] + (1 - share) * frame.proposals[proposal]
        doubt[matched] = 2 - frame.proposal_scores[proposal]
        doubt[sightings.remembered] = 2.0
        return boxes, doubt

    def _age(self, sightings: Sightings, elapsed: float) -> np.ndarray:
        """Count hits and misses; returns the mask of the tracks that live on."""
        seen = sightings.seen
        self.hits = self.hits + (sightings.proposal >= 0)
        self.missed = np.where(seen, 0.0, self.missed + elapsed)
        self.unproposed = np.where(sightings.proposal >= 0, 0.0, self.unproposed + elapsed)
        return seen | ((self.hits >= self.tentative) & (self.missed < self.retain))

    def _births(
        self, frame: PixelFrame, sightings: Sightings, occupied: np.ndarray, trust: float
    ) -> np.ndarray:
        """Find the proposals that start a track, as indices."""
        threshold = self.birth_score + self.birth_doubt * (1 - trust)
        born = frame.proposal_scores > threshold
        born[sightings.proposal[sightings.proposal >= 0]] = False
        if len(occupied) and self.duplicate_iou < 1:
            overlap = pairwise_iou(occupied, frame.proposals).max(axis=0)
            born &= overlap <= self.duplicate_iou
        return np.flatnonzero(born)

    def _keep(self, alive: np.ndarray, born: np.ndarray, born_ids: np.ndarray) -> None:
        """Let tracks die and newborn ones begin."""
        count = len(born)
        self.ids = np.concatenate((self.ids[alive], born_ids))
        self.next_id += count
        self.motion = self.motion[alive].joined(self.filter.start(born))
        self.missed = np.concatenate((self.missed[alive], np.zeros(count)))
        self.unproposed = np.concatenate((self.unproposed[alive], np.zeros(count)))
        # Who is there when the video begins needs no confirmation.
        first = self.tentative if self.first_frame else 1
        self.hits = np.concatenate((self.hits[alive], np.full(count, first)))
        self.first_frame = False
