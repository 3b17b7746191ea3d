"""How much a frame is trusted."""

import pytest

from vsd_mot.models.query_tracking.queries import (
    FrameTrust,
)


def test_trust_is_linear_between_bad_and_good():
    trust = FrameTrust(good=0.5, bad=0.1)
    assert [trust(q) for q in (None, 0.9, 0.3, 0.0)] == pytest.approx([1, 1, 0.5, 0])
    with pytest.raises(ValueError, match='must be below'):
        FrameTrust(good=0.1, bad=0.5)
