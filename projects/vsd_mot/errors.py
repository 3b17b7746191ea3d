"""Errors of the tracking API: each message says what is wrong, where, and the remedy."""


class TrackingError(RuntimeError):
    """Base of every error that the tracking API raises on purpose."""


class ConfigError(TrackingError):
    """A config that cannot be found, read, or used for tracking a video."""


class CheckpointError(TrackingError):
    """Weights that cannot be read safely, or that do not fit the model."""


class SourceError(TrackingError):
    """A video, folder, camera or stream that cannot be read."""


class ProposalError(TrackingError):
    """Detector proposals that cannot be read or do not belong to the video."""


class OutputError(TrackingError):
    """A result that cannot be written."""
