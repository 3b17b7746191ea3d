"""Small sets in MOTChallenge layout for make_lq, and its command."""

import cv2
import numpy as np
from skimage import data

from vsd_mot.commands.degrade import main

SIZE = (32, 24)


def write_sequence(folder, frames=3, suffix='.jpg'):
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    (folder / 'det').mkdir()
    for number in range(frames):
        image = np.roll(cv2.resize(data.chelsea(), SIZE), 3 * number, axis=1)
        cv2.imwrite(str(folder / 'img1' / f'{number + 1:06d}{suffix}'), image)
    (folder / 'gt' / 'gt.txt').write_text('1,1,2,3,10,20,1,1,1\n')
    (folder / 'det' / 'det.txt').write_text('1,-1,2,3,10,20,0.9\n')
    (folder / 'seqinfo.ini').write_text(f'[Sequence]\nname={folder.name}\nseqLength={frames}\n')


def run(*args):
    return main([str(arg) for arg in (*args, '--workers', 1)])


def images(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob('img1/*'))
    }
