"""A sequence becomes a video with ground truth."""

import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from vsd_mot.datasets.converters.video_clip import pack_clip
from vsd_mot.errors import SourceError
from vsd_mot.video import open_source


def write_sequence(root, numbers):
    """A sequence whose frames have some numbers, with one box in each of them and in frame 99."""
    write_frames(root / 'img1', moving_boxes(len(numbers)))
    for position, number in enumerate(numbers, start=1):
        (root / 'img1' / f'frame{position}.png').rename(root / 'img1' / f'{number:06d}.png')
    (root / 'gt').mkdir()
    (root / 'gt' / 'gt.txt').write_text(
        ''.join(f'{number},1,10,10,20,20,1,1,1\n' for number in (*numbers, 99))
    )
    (root / 'seqinfo.ini').write_text('[Sequence]\nname=walk\nframeRate=10\n')
    return root


def test_ground_truth_counts_the_frames_of_the_video(tmp_path):
    sequence = write_sequence(tmp_path / 'walk', [1, 3, 7])
    assert pack_clip(sequence, tmp_path / 'clip') == 3
    frames = list(open_source(tmp_path / 'clip' / 'clip.mp4'))
    assert len(frames) == 3
    assert np.abs(frames[1].image.astype(int) - moving_boxes(3)[1]).mean() < 6
    rows = (tmp_path / 'clip' / 'gt' / 'gt.txt').read_text().splitlines()
    assert rows == [f'{position},1,10,10,20,20,1,1,1' for position in (1, 2, 3)]
    info = (tmp_path / 'clip' / 'seqinfo.ini').read_text()
    assert 'frameRate=10\nseqLength=3\nimWidth=128\nimHeight=96\n' in info


def test_the_first_frames_alone_are_packed(tmp_path):
    sequence = write_sequence(tmp_path / 'walk', [1, 2, 3])
    assert pack_clip(sequence, tmp_path / 'clip', frames=2) == 2
    assert len((tmp_path / 'clip' / 'gt' / 'gt.txt').read_text().splitlines()) == 2


def test_an_unreadable_frame_is_an_error(tmp_path):
    sequence = write_sequence(tmp_path / 'walk', [1, 2])
    (sequence / 'img1' / '000002.png').write_bytes(b'broken')
    with pytest.raises(SourceError, match=r'000002\.png of .*walk cannot be read'):
        pack_clip(sequence, tmp_path / 'clip')
