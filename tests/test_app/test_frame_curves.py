"""Quality and number of tracks over time."""

import pytest

from result_samples import results
from vsd_mot.app.frame_curves import FrameCurves


def curves_of(frames: list) -> FrameCurves:
    curves = FrameCurves()
    for frame in frames:
        curves.add(frame)
    return curves


def test_a_row_for_each_value() -> None:
    frames = results(4)
    quality, tracks = curves_of(frames).quality(), curves_of(frames).tracks()
    of_quality = quality[quality.curve == 'frame quality']
    assert of_quality.value.tolist() == [frame.quality for frame in frames]
    assert quality[quality.curve == 'semantic weight'].value.tolist() == [
        frame.semantic_weight for frame in frames
    ]
    assert tracks.seconds.tolist() == pytest.approx([0, 0.1, 0.2, 0.3])
    assert tracks.tracks.tolist() == [len(frame) for frame in frames]


def test_a_model_that_rates_no_frames_has_no_quality() -> None:
    curves = curves_of(results(3, quality=False))
    assert curves.quality().empty
    assert list(curves.quality()) == ['seconds', 'value', 'curve']
    assert len(curves.tracks()) == 3
