"""Track people in a video from Python: `init_tracker`, `track_video`, `TrackOutputs`."""

from ..errors import (
    CheckpointError,
    ConfigError,
    OutputError,
    ProposalError,
    SourceError,
    TrackingError,
)
from ..video.reader import open_source
from ..video.results import FrameResult
from .abilities import Abilities
from .backends import use_backend
from .camera_run import write_cameras
from .cameras import CameraResults, track_cameras
from .detections import Detections, as_detections
from .inference import VideoResults, track_video
from .many_videos import JobReport, VideoJob, track_videos
from .masks import MaskTracker, init_masks, segment_video
from .outputs import TrackOutputs
from .proposals import read_proposals
from .result_stream import ResultStream
from .segments import SegmentedOutputs
from .tracker import Tracker, init_tracker
from .video_summary import VideoSummary

__all__ = [
    'Abilities',
    'CameraResults',
    'CheckpointError',
    'ConfigError',
    'Detections',
    'FrameResult',
    'JobReport',
    'MaskTracker',
    'OutputError',
    'ProposalError',
    'ResultStream',
    'SegmentedOutputs',
    'SourceError',
    'TrackOutputs',
    'Tracker',
    'TrackingError',
    'VideoJob',
    'VideoResults',
    'VideoSummary',
    'as_detections',
    'init_masks',
    'init_tracker',
    'open_source',
    'read_proposals',
    'segment_video',
    'track_cameras',
    'track_video',
    'track_videos',
    'use_backend',
    'write_cameras',
]
