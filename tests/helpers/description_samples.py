"""A sequence of three frames with descriptions."""

import json

import cv2
import numpy as np

from vsd_mot.datasets.descriptions import (
    FILE_NAME,
)


def described(**changes):
    content = dict(
        video='A',
        scene=dict(camera='static', viewpoint='medium', weather='sunny'),
        instances={'1': dict(gender='male', shirt='red', pants='black'), '7': dict(text='Tall.')},
    )
    return content | changes


def write_sequence(root, name='A', content=None, identities=(1, 7)):
    folder = root / name
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    for frame in (1, 2, 3):
        image = np.full((60, 80, 3), 40 * frame, np.uint8)
        cv2.imwrite(str(folder / 'img1' / f'{frame:06d}.jpg'), image)
    rows = [f'{f},{i},{5 * i},5,20,40,1,1,0.{f}\n' for f in (1, 2, 3) for i in identities]
    (folder / 'gt' / 'gt.txt').write_text(''.join(rows))
    if content is not None:
        (folder / FILE_NAME).write_text(json.dumps(content))
    return folder
