"""Birth and death by detector, motion and decoder together."""

from __future__ import annotations

import numpy as np
import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS

from .association import assign, pairwise_iou
from .frame_evidence import FrameEvidence, SettledFrame
from .motion import BoxMotion, ConstantVelocity
from .pixel_frame import Observations, PixelFrame, Verdict


@MODELS.register_module()
class HybridLifecycle(BaseModule):
    """Tracks take the detector's boxes in ByteTrack's two steps; queries fill what it misses.

    Each track has a motion state and, as a query, the decoder's box and score of this frame. Frames
    are counted by the model's clock: where that counts seconds (:class:`Clock`), settings in
    frames are in its ticks.

    1. Proposals above ``high_score`` are matched with all tracks, the rest above ``low_score``
       with those that are left and were observed in the last frame (ByteTrack, Zhang et al.,
       ECCV 2022). The similarity is the IoU with the motion's box.
    2. A track that found none, but of which the decoder is sure (``remember_score``), lives on at
       the decoder's box: queries remember where detections fail.
    3. Others are missed. They are reported at the motion's box for ``coast`` frames and can be
       found again for ``retain`` frames.
    4. Proposals above ``birth_score`` that no track took start tracks.

    Where the decoder did not see a track that took a proposal, its identity moves to the
    proposal's query, so that the next frame goes on from a query that saw the person.

    With ``remember_score=1``, ``decoder_share=0`` and ``coast=0`` this is ByteTrack. It is weak
    where detections fail and people move unevenly at once: then two of them cannot be told apart.

    Args:
        high_score: Proposals above it are matched first, and with tracks lost for long, too.
            Raising it leaves more detections to the second step, which only tracks of the last
            frame take part in.
        low_score: Proposals below it are left out. Raising it gives fewer false matches, and loses
            people whom the detector hardly finds.
        high_similarity: Least similarity of a match in the first step. Raising it switches
            identities less, and loses people who move fast.
        low_similarity: The same in the second step.
        tentative_similarity: The same for tentative tracks, where it is above ``high_similarity``;
            ByteTrack's by default. Raising it confirms fewer false tracks.
        birth_score: Proposals above it start a track. Raising it loses people, and false ones.
        remember_score: Decoder scores above it keep a missed track alive. 1: never. Lowering it
            bridges more missed detections, and keeps more tracks alive where nobody is.
        remember_frames: For how many frames in a row the decoder alone may do that. Raising it
            bridges longer failures of the detector, and keeps false tracks longer.
        decoder_share: Weight of the decoder's box in a matched track's box, times its score.
            Raising it follows the decoder's boxes more than the detector's.
        smoothing: Weight of the motion's filtered box in the reported one. Detections of bad
            frames jitter; raising it steadies them, and lags behind.
        coast: Missed frames for which a track is reported at the motion's box. Raising it closes
            gaps, and reports more boxes where nobody is.
        retain: Missed frames after which a track dies. Raising it finds people again after longer
            occlusions, and lets more lost tracks take up another person.
        tentative: Detections that confirm a track; before, one miss ends it, and it neither coasts
            nor is remembered. Raising it reports fewer false tracks, and begins later.
        duplicate_iou: A proposal that overlaps an observed track's box by more gives no birth.
        query_score: A matched track goes on from its own query where the decoder's score is above
            this, else from the proposal's. Raising it starts anew from the proposal more often:
            closer to what the frame shows, with less history.
        min_area: A reported box is larger than this many pixels of the original image.
        motion: Arguments of :class:`ConstantVelocity`.
    """

    def __init__(
        self,
        *,
        high_score: float = 0.6,
        low_score: float = 0.1,
        high_similarity: float = 0.1,
        low_similarity: float = 0.5,
        tentative_similarity: float = 0.3,
        birth_score: float = 0.7,
        remember_score: float = 1.0,
        remember_frames: float = 30,
        decoder_share: float = 0.0,
        smoothing: float = 0.0,
        coast: float = 0,
        retain: float = 30,
        tentative: int = 3,
        duplicate_iou: float = 1.0,
        query_score: float = 0.3,
        min_area: float = 100.0,
        motion: dict | None = None,
    ) -> None:
        super().__init__()
        self.high_score = high_score
        self.low_score = low_score
        self.high_similarity = high_similarity
        self.low_similarity = low_similarity
        self.tentative_similarity = tentative_similarity
        self.birth_score = birth_score
        self.remember_score = remember_score
        self.remember_frames = remember_frames
        self.decoder_share = decoder_share
        self.smoothing = smoothing
        self.coast = coast
        self.retain = retain
        self.tentative = tentative
        self.duplicate_iou = duplicate_iou
        self.query_score = query_score
        self.min_area = min_area
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
        """Assign identities in a frame.

        Args:
            evidence: Of the frame.

        Returns:
            The queries with their identities, and what is reported.
        """
        frame = PixelFrame(evidence, self.ids)
        self.motion = self.filter.predict(self.motion, evidence.elapsed, self.missed > 0)
        observations = self._associate(frame, evidence.elapsed)
        boxes, uncertainty = self._observe(frame, observations)
        observed = observations.observed
        corrected = self.filter.update(
            self.motion[observed], boxes[observed], uncertainty[observed]
        )
        self.motion.mean[observed], self.motion.covariance[observed] = (
            corrected.mean,
            corrected.covariance,
        )
        reported = np.where(
            observed[:, None],
            (1 - self.smoothing) * boxes + self.smoothing * self.motion.boxes,
            self.motion.boxes,
        )
        surviving = self._age(observations, evidence.elapsed)
        births = self._births(frame, observations, occupied=reported[observed])
        verdict = Verdict(
            ids=self.ids,
            boxes=reported,
            missed=self.missed,
            surviving=surviving,
            reported=surviving & (self.missed <= self.coast),
            changes_query=frame.track_scores < self.query_score,
            births=births,
            birth_ids=self.next_id + np.arange(len(births)),
        )
        settled = frame.settled(observations, verdict, self.min_area)
        self._keep(surviving, frame.proposals[births], verdict.birth_ids)
        return settled

    def _associate(self, frame: PixelFrame, elapsed: float) -> Observations:
        """Match tracks with proposals in two steps, then ask the decoder about the rest."""
        similarity = pairwise_iou(self.motion.boxes, frame.proposals)
        proposal_of = np.full(len(self.ids), -1)
        # A gap in the video may have outlasted them.
        waiting = self.missed + elapsed - 1 < self.retain
        high = np.flatnonzero(frame.proposal_scores > self.high_score)
        low = np.flatnonzero(
            (frame.proposal_scores > self.low_score) & (frame.proposal_scores <= self.high_score)
        )
        confirmed = self.hits >= self.tentative
        steps = (
            (confirmed, high, self.high_similarity, True),
            (~confirmed, high, max(self.high_similarity, self.tentative_similarity), True),
            (confirmed & (self.missed == 0), low, self.low_similarity, False),
        )
        free = np.ones(len(frame.proposals), bool)
        for mask, candidates, threshold, weighted in steps:
            rows = np.flatnonzero(mask & waiting & (proposal_of < 0))
            columns = candidates[free[candidates]]
            part = similarity[np.ix_(rows, columns)]
            if weighted:
                part = part * frame.proposal_scores[columns]
            matched, by = assign(part, threshold)
            proposal_of[rows[matched]] = columns[by]
            free[columns[by]] = False
        by_decoder = (
            (proposal_of < 0)
            & confirmed
            & waiting
            & (frame.track_scores > self.remember_score)
            & (self.unproposed < self.remember_frames)
        )
        return Observations(proposal_of, by_decoder)

    def _observe(
        self, frame: PixelFrame, observations: Observations
    ) -> tuple[np.ndarray, np.ndarray]:
        """Observed box of each track, (x1, y1, x2, y2), and the uncertainty of each."""
        boxes = frame.track_boxes.copy()
        uncertainty = np.ones(len(boxes))
        matched = np.flatnonzero(observations.proposal >= 0)
        proposal = observations.proposal[matched]
        share = (self.decoder_share * frame.track_scores[matched])[:, None]
        boxes[matched] = share * boxes[matched] + (1 - share) * frame.proposals[proposal]
        uncertainty[matched] = 2 - frame.proposal_scores[proposal]
        uncertainty[observations.by_decoder] = 2.0
        return boxes, uncertainty

    def _age(self, observations: Observations, elapsed: float) -> np.ndarray:
        """Count hits and misses; returns the mask of the tracks that live on."""
        observed = observations.observed
        self.hits = self.hits + (observations.proposal >= 0)
        self.missed = np.where(observed, 0.0, self.missed + elapsed)
        self.unproposed = np.where(observations.proposal >= 0, 0.0, self.unproposed + elapsed)
        return observed | ((self.hits >= self.tentative) & (self.missed < self.retain))

    def _births(
        self, frame: PixelFrame, observations: Observations, *, occupied: np.ndarray
    ) -> np.ndarray:
        """Find the proposals that start a track, as indices."""
        births = frame.proposal_scores > self.birth_score
        births[observations.proposal[observations.proposal >= 0]] = False
        if len(occupied) and self.duplicate_iou < 1:
            overlap = pairwise_iou(occupied, frame.proposals).max(axis=0)
            births &= overlap <= self.duplicate_iou
        return np.flatnonzero(births)

    def _keep(self, surviving: np.ndarray, births: np.ndarray, birth_ids: np.ndarray) -> None:
        """Let tracks die and newborn ones begin."""
        count = len(births)
        self.ids = np.concatenate((self.ids[surviving], birth_ids))
        self.next_id += count
        self.motion = self.motion[surviving].joined(self.filter.start(births))
        self.missed = np.concatenate((self.missed[surviving], np.zeros(count)))
        self.unproposed = np.concatenate((self.unproposed[surviving], np.zeros(count)))
        # Who is there when the video begins needs no confirmation.
        first = self.tentative if self.first_frame else 1
        self.hits = np.concatenate((self.hits[surviving], np.full(count, first)))
        self.first_frame = False
