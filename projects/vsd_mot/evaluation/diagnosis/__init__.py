"""Where a tracker's points are lost."""

from .errors_by_group import diagnose, error_table
from .frame_matching import ObjectErrors, match_sequence

__all__ = ['ObjectErrors', 'diagnose', 'error_table', 'match_sequence']
