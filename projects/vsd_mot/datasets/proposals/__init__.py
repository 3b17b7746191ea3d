"""Stored detector proposals."""

from .appearance import AppearanceStore, make_appearance
from .det_db import read_det_db, read_det_txt, write_det_db
from .frame_keys import frame_key
from .frame_list import frames_of_annotations, frames_of_folder
from .identity import detector_identity
from .making import MakingReport, UnreadableFrame, detect, detector_pipeline, make_proposals
from .recall import RecallReport, proposal_recall
from .store import Detections, FrameDetections, ProposalStore, write_proposals

__all__ = [
    'AppearanceStore',
    'Detections',
    'FrameDetections',
    'MakingReport',
    'ProposalStore',
    'RecallReport',
    'UnreadableFrame',
    'detect',
    'detector_identity',
    'detector_pipeline',
    'frame_key',
    'frames_of_annotations',
    'frames_of_folder',
    'make_appearance',
    'make_proposals',
    'proposal_recall',
    'read_det_db',
    'read_det_txt',
    'write_det_db',
    'write_proposals',
]
