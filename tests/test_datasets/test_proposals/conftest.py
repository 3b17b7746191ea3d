"""Fixtures of the tests of proposals."""

import cv2
import numpy as np
import pytest


@pytest.fixture
def sequence(tmp_path):
    folder = tmp_path / 'set' / 'MOT17-02-DPM'
    (folder / 'img1').mkdir(parents=True)
    (folder / 'det').mkdir()
    for number in range(1, 4):
        cv2.imwrite(str(folder / 'img1' / f'{number:06d}.jpg'), np.zeros((8, 8, 3), np.uint8))
    (folder / 'seqinfo.ini').write_text('[Sequence]\nimWidth=80\nimHeight=60\n')
    (folder / 'det' / 'det.txt').write_text('1,-1,10,20,30,40,-0.5,-1,-1,-1\n3,-1,1,2,3,4,0.9\n')
    return tmp_path / 'set'
