"""Frame quality of whole videos."""

import cv2
import numpy as np
import pytest

from vsd_mot.evaluation.quality_survey import QualitySurvey


def test_survey_keeps_what_was_measured():
    survey = QualitySurvey()
    rng = np.random.default_rng(0)
    image = cv2.GaussianBlur(rng.integers(0, 255, (64, 64, 3)).astype(np.uint8), (0, 0), 2)
    row = survey.add(image, group='clean', video='V', frame=3, file='c.jpg')
    assert (row.set, row.video, row.frame, row.file) == ('clean', 'V', 3, 'c.jpg')
    frames, values = survey.values('clean', 'V')
    assert frames.tolist() == [3]
    assert values.tolist() == [row.quality]
    assert survey.csv().splitlines()[1].startswith('clean,V,3,c.jpg,')
    assert 'clean      V' in survey.summary()
    with pytest.raises(ValueError, match='no frame was measured'):
        QualitySurvey().draw()
