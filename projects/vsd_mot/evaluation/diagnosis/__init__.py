"""Where a tracker's points are lost."""

from .errors_by_group import diagnose, error_table
from .frame_matching import ObjectErrors, match_sequence
from .ground_truth import read_truth, rows_that_count

__all__ = [
    'ObjectErrors',
    'diagnose',
    'error_table',
    'match_sequence',
    'read_truth',
    'rows_that_count',
]
