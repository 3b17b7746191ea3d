"""Fixtures of the tests of degradation."""

import cv2
import pytest
from skimage import data


@pytest.fixture(scope='module')
def photo():
    """A photograph, (160, 208, 3) uint8 BGR."""
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.resize(image[:400], (208, 160), interpolation=cv2.INTER_AREA)
