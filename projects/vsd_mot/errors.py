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


class DataFileError(TrackingError, ValueError):
    """A settings, annotation or list file that cannot be read as data."""


class MotTextError(TrackingError, ValueError):
    """A MOTChallenge text file that cannot be used; the message names file, line and reason."""


class ImageError(TrackingError, ValueError):
    """An image that cannot be used; the message names the file, the reason and the remedy."""


class BusyError(TrackingError):
    """A file or folder that another process is writing; the message names the process."""


class DownloadError(TrackingError):
    """A file that could not be downloaded whole; the message says why, and what else to do."""


class ExportError(TrackingError):
    """A model that cannot be exported, or exported graphs that cannot be used."""
