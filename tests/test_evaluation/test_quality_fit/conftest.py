import pytest

from good_video import small_photograph
from vsd_mot.evaluation.quality_fit.fitting import measure_steps


@pytest.fixture(scope='session')
def steps():
    return measure_steps([('photograph', small_photograph())])
