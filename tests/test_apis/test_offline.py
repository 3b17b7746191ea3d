"""A video is read twice by a tracker that is offline."""

import numpy as np
import pytest
from mmengine.config import Config

from two_people_set import FRAMES, SIZE, perfect, person_boxes, tracker_config
from vsd_mot.apis import SourceError, init_tracker, track_video
from vsd_mot.commands import track


def api_config(**changes):
    return Config(
        dict(
            model=tracker_config(**changes),
            test_dataloader=dict(dataset=dict(pipeline=[dict(type='PackClipInputs')])),
            default_scope='mmtrack',
        )
    )


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_video_is_tracked_in_two_passes(two_people_set):
    tracker = init_tracker(api_config(), device='cpu')
    assert tracker.abilities.offline
    perfect(tracker.model)
    proposals = {
        index: (person_boxes(index + 1), np.full(2, 0.9)) for index in range(FRAMES) if index != 5
    }
    results = track_video(tracker, two_people_set / 'train' / 'A' / 'img1', proposals=proposals)
    results = list(results)
    assert [result.index for result in results] == list(range(FRAMES))
    assert all(result.image.shape == (*SIZE, 3) for result in results)
    # The frame without detections is filled.
    assert [result.ids.tolist() for result in results] == [[0, 1]] * FRAMES
    np.testing.assert_allclose(results[5].boxes, person_boxes(6), atol=1e-3)


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_what_cannot_be_read_twice_is_refused(tmp_path):
    tracker = init_tracker(api_config(), device='cpu')
    with pytest.raises(SourceError, match='GraphTracker is offline'):
        track_video(tracker, iter([np.zeros((96, 128, 3), np.uint8)]), proposals={})


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_demo_says_that_it_is_offline(two_people_set, tmp_path, capsys):
    api_config().dump(tmp_path / 'config.py')
    det = tmp_path / 'det.txt'
    rows = [
        f'{f},-1,{x1},{y1},{x2 - x1},{y2 - y1},0.9\n'
        for f in range(1, FRAMES + 1)
        for x1, y1, x2, y2 in person_boxes(f)
    ]
    det.write_text(''.join(rows))
    video = two_people_set / 'train' / 'A'
    arguments = [video, tmp_path / 'config.py', '--proposals', det, '--no-video']
    arguments += ['--out', tmp_path / 'out', '--device', 'cpu']
    assert track.main([str(argument) for argument in arguments]) == 0
    assert 'is offline' in capsys.readouterr().out
    assert (tmp_path / 'out' / 'A.txt').is_file()
