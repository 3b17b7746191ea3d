"""Why a video tracks badly: measurements, findings, a report."""

from .findings import Finding, find_faults
from .measuring import VideoFacts, measure_video
from .report import as_dict, as_text

__all__ = ['Finding', 'VideoFacts', 'as_dict', 'as_text', 'find_faults', 'measure_video']
