"""Settings of the degradation are read strictly."""

import pytest

from vsd_mot.degradation import (
    DegradationSettings,
    Fluctuation,
)


def test_settings_reject_what_they_do_not_know():
    with pytest.raises(ValueError, match=r'has no .*sigmas'):
        DegradationSettings.from_dict(dict(first=dict(sigmas=(1, 2))))
    with pytest.raises(ValueError, match='needs 0 < low <= high'):
        DegradationSettings.from_dict(dict(first=dict(sigma=(2, 1))))
    with pytest.raises(ValueError, match='sum to 1'):
        DegradationSettings.from_dict(dict(second=dict(resize_probs=(0.5, 0.1, 0.1))))
    with pytest.raises(ValueError, match='camera must be'):
        Fluctuation.from_dict(dict(camera='clip'))
    with pytest.raises(ValueError, match='does not fit'):
        Fluctuation(stretch_every=20)
    changed = DegradationSettings.from_dict(dict(second=dict(sigma=[0.3, 0.4])))
    assert changed.second.sigma == (0.3, 0.4)
    assert changed.second.blur_prob == 0.8
