"""Results of trackers, by the indices of a video's frames."""

import json

import numpy as np
import pytest

from vsd_mot.errors import MotTextError
from vsd_mot.evaluation import EvaluationError
from vsd_mot.evaluation.result_page import read_result

NUMBERS = np.array([1, 3, 5, 7])


def test_text_by_the_numbers_of_the_frames(tmp_path) -> None:
    file = tmp_path / 'a.txt'
    file.write_text(f'3,{2**62 + 1},1,2,3,4,0.5,-1,-1,-1\n7,1,1.5,2,3,4\n')
    tracks = read_result(file, 'a', NUMBERS)
    assert tracks.frames.tolist() == [1, 3]
    assert tracks.identities == [2**62 + 1, 1]
    assert tracks.boxes.tolist() == [[1, 2, 3, 4], [1.5, 2, 3, 4]]
    assert tracks.scores.tolist() == [0.5, 1]


@pytest.mark.parametrize('number', [2, 9])
def test_frames_that_the_video_has_not(tmp_path, number) -> None:
    file = tmp_path / 'a.txt'
    file.write_text(f'{number},1,1,2,3,4\n')
    with pytest.raises(EvaluationError, match=f'frame {number}, and the video has frames 1 to 7'):
        read_result(file, 'a', NUMBERS)


def test_an_identity_twice_in_a_frame(tmp_path) -> None:
    file = tmp_path / 'a.txt'
    file.write_text('1,1,1,2,3,4\n1,1,1,2,3,4\n')
    with pytest.raises(MotTextError, match='a second time'):
        read_result(file, 'a', NUMBERS)


def written(folder, **changes):
    """A JSON as `vsd-mot track` writes it, but for some entries."""
    images = [
        dict(id=1, frame_id=0, quality=0.25, semantic_weight=None),
        dict(id=2, frame_id=1, quality=None, semantic_weight=None),
    ]
    annotations = [dict(id=1, image_id=2, bbox=[1, 2, 3, 4], score=0.5, instance_id=9)]
    file = folder / 'a.json'
    file.write_text(json.dumps({'images': images, 'annotations': annotations} | changes))
    return file


def test_json_has_curves(tmp_path) -> None:
    tracks = read_result(written(tmp_path), 'a', NUMBERS)
    assert tracks.frames.tolist() == [1]
    assert tracks.identities == [9]
    assert list(tracks.curves) == ['quality']
    assert tracks.curves['quality'][0] == 0.25
    assert np.isnan(tracks.curves['quality'][1:]).all()


@pytest.mark.parametrize(
    'changes',
    [
        dict(images=None),
        dict(annotations=[dict(image_id=7)]),
        dict(annotations=[dict(image_id=1, bbox=[1, 2], instance_id=1)]),
        dict(annotations=[dict(image_id=1, bbox=[1, 2, 3, 'x'], instance_id=1)]),
    ],
)
def test_other_json(tmp_path, changes) -> None:
    with pytest.raises(EvaluationError, match=r'no JSON that `vsd-mot track` has written'):
        read_result(written(tmp_path, **changes), 'a', NUMBERS)


def test_json_of_a_longer_video(tmp_path) -> None:
    file = written(tmp_path)
    with pytest.raises(EvaluationError, match='frame 2, and the video has 1'):
        read_result(file, 'a', NUMBERS[:1])


def test_boxes_that_are_not_finite(tmp_path) -> None:
    box = dict(image_id=1, bbox=[1, 2, 3, float('nan')], instance_id=1)
    with pytest.raises(EvaluationError, match='not finite'):
        read_result(written(tmp_path, annotations=[box]), 'a', NUMBERS)
