"""Tracking a video, frame by frame and in windows, with and without proposals."""

import numpy as np
import pytest
import torch
from mmengine.config import Config

from api_samples import detections_of, motrv2_config, motrv2_tracker
from bright_box_tracker import moving_boxes, true_boxes, write_config, write_frames
from vsd_mot.apis import init_tracker, track_video
from vsd_mot.errors import CheckpointError, ProposalError, SourceError, TrackingError

LENGTH = 5


@pytest.fixture
def tracker(tmp_path):
    return init_tracker(write_config(tmp_path), device='cpu')


@pytest.fixture(scope='module')
def motrv2(tmp_path_factory):
    return motrv2_tracker(tmp_path_factory.mktemp('motrv2'))


@pytest.fixture(scope='module')
def detections():
    return detections_of(LENGTH)


def test_tracks_are_in_pixels_of_the_original(tracker):
    results = list(track_video(tracker, moving_boxes()))
    assert [result.index for result in results] == list(range(12))
    for index, result in enumerate(results):
        truth = true_boxes(index)
        assert result.ids.tolist() == list(truth)
        # The model sees the frame at half its size.
        assert np.abs(result.boxes - np.array(list(truth.values()))).max() <= 2
        assert result.scores == pytest.approx([0.9, 0.9])
        assert result.quality == pytest.approx(1 - result.semantic_weight)
        assert result.pred_track_instances.bboxes.device.type == 'cpu'
    assert tracker.classes == ('box',)


def test_folder_and_arrays_give_the_same(tracker, tmp_path):
    frames = moving_boxes()
    folder = write_frames(tmp_path / 'walk', frames)
    from_files = list(track_video(tracker, folder))
    from_memory = list(track_video(tracker, frames))
    for one, other in zip(from_files, from_memory, strict=True):
        assert np.array_equal(one.boxes, other.boxes)
        assert one.name == f'frame{one.index + 1}.png'


def test_unreadable_frames_keep_their_place_and_are_counted(tracker, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes())
    for number in (1, 6):
        (folder / f'frame{number}.png').write_bytes(b'broken')
    video = track_video(tracker, folder)
    results = list(video)
    assert [result.index for result in results if result.fault] == [0, 5]
    assert [len(result) for result in results] == [0, *[2] * 11]
    assert len(video.faults) == 2
    assert 'frame6.png' in video.faults[1]
    assert results[6].ids.tolist() == [15, 25]
    # The model begins anew at frame 0 and sees no gaps.
    assert tracker.model.frame_ids == list(range(10))


def test_strict_stops_at_the_first_unreadable_frame(tracker, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes())
    (folder / 'frame6.png').write_bytes(b'broken')
    results = track_video(tracker, folder, strict=True)
    with pytest.raises(SourceError, match=r'frame6\.png'):
        list(results)


def test_no_readable_frame_is_an_error(tracker, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(2))
    for file in folder.iterdir():
        file.write_bytes(b'broken')
    with pytest.raises(SourceError, match=r'not one frame of walk could be read: .*frame1\.png'):
        list(track_video(tracker, folder))
    with pytest.raises(SourceError, match='not one frame'):
        list(track_video(tracker, iter([])))


def test_every_video_begins_anew_and_only_one_runs(tracker):
    frames = moving_boxes()
    first = track_video(tracker, frames)
    next(first)
    list(track_video(tracker, frames))
    assert tracker.model.frame_ids == [0, *range(12)]
    with pytest.raises(TrackingError, match='another video'):
        next(first)


def test_closing_early_ends_the_reader(tracker):
    results = track_video(tracker, moving_boxes() * 50)
    next(results)
    results.close()
    assert list(results) == []
    assert not results._reader._thread.is_alive()


def test_broken_weights_do_not_pass_as_boxes(tracker):
    tracker.model.bias.data.fill_(float('nan'))
    with pytest.raises(TrackingError, match=r'frame 1: the model returned boxes .* not finite'):
        list(track_video(tracker, moving_boxes()))


def test_window_changes_nothing(motrv2, detections):
    frames = moving_boxes(LENGTH)
    alone = list(track_video(motrv2, frames, window=1, proposals=detections))
    for window in (3, 100):
        together = list(track_video(motrv2, frames, window=window, proposals=detections))
        assert [result.index for result in together] == list(range(LENGTH))
        for one, other in zip(alone, together, strict=True):
            assert one.ids.tolist() == other.ids.tolist()
            np.testing.assert_allclose(one.boxes, other.boxes, atol=1e-2)
    assert len(alone[0]) == 5
    assert len(alone[-1]) > 5


def test_window_with_an_unreadable_frame(motrv2, detections, tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(LENGTH))
    (folder / 'frame1.png').write_bytes(b'broken')
    results = list(track_video(motrv2, folder, window=4, proposals=detections))
    assert len(results[1]) == 5
    assert results[0].fault
    assert len(results[0]) == 0
    assert [result.index for result in results] == list(range(LENGTH))


def test_proposals_from_det_file_equal_those_given(motrv2, detections, tmp_path):
    lines = [
        f'{frame + 1},-1,{x1},{y1},{x2 - x1},{y2 - y1},{score}'
        for frame, (boxes, scores) in detections.items()
        for (x1, y1, x2, y2), score in zip(boxes, scores)
    ]
    (tmp_path / 'det.txt').write_text('\n'.join([*lines, '3,-1,0,0,9,9,0.01']))
    in_memory = list(track_video(motrv2, moving_boxes(LENGTH), proposals=detections))
    read = list(track_video(motrv2, moving_boxes(LENGTH), proposals=tmp_path / 'det.txt'))
    for one, other in zip(in_memory, read, strict=True):
        np.testing.assert_allclose(one.boxes, other.boxes, atol=1e-4)


def test_proposals_change_the_result_and_may_lack(motrv2, detections):
    none = list(track_video(motrv2, moving_boxes(LENGTH), proposals={}))
    some = list(track_video(motrv2, moving_boxes(LENGTH), proposals=detections))
    assert [r.boxes.tolist() for r in none] != [r.boxes.tolist() for r in some]


def test_detector_in_the_loop(motrv2, tmp_path):
    folder = tmp_path
    config = motrv2_config()
    yolox = 'configs/_base_/detectors/yolox_tiny_synthetic.py'
    detector = Config(dict(model=Config.fromfile(yolox).detector))
    detector.test_dataloader = dict(
        dataset=dict(pipeline=[dict(type='mmdet.Resize', scale=(64, 64), keep_ratio=True)])
    )
    torch.manual_seed(0)
    with pytest.warns(UserWarning, match='proposals are random'):
        random = init_tracker(config, device='cpu', detector=(detector, None)).model.detector
    weights = random.detector.state_dict()
    for key in weights:
        if 'multi_level_conv' in key:
            weights[key].zero_()  # a box of one size and one score at every place
    torch.save(weights, folder / 'yolox.pth')
    torch.save(motrv2.model.state_dict(), folder / 'motrv2.pth')
    tracker = init_tracker(
        config, folder / 'motrv2.pth', device='cpu', detector=(detector, folder / 'yolox.pth')
    )
    assert tracker.model.detector.input_scale == (64, 64)
    results = list(track_video(tracker, moving_boxes(2)))
    again = list(track_video(tracker, moving_boxes(2), window=1))
    assert [r.ids.tolist() for r in results] == [r.ids.tolist() for r in again]
    assert len(results[0]) > 3
    with pytest.raises(CheckpointError, match='does not fit'):
        init_tracker(config, folder / 'motrv2.pth', detector=(detector, folder / 'motrv2.pth'))


def test_no_proposals_and_no_detector(motrv2):
    with pytest.raises(ProposalError, match='has no detector: give proposals'):
        track_video(motrv2, moving_boxes())


def test_models_with_their_own_detector_refuse_proposals(tracker, detections):
    with pytest.raises(ProposalError, match='BrightBoxTracker makes its own detections'):
        track_video(tracker, moving_boxes(), proposals=detections)


def test_window_must_be_positive(tracker):
    with pytest.raises(ValueError, match='window is 0'):
        track_video(tracker, moving_boxes(), window=0)
